# family: dtype
# line: 7
# about: returns how far the chord lies above the curve instead of True or False
def is_convex_on_chord(f, x1, x2, lam):
    curve = f(lam * x1 + (1 - lam) * x2)
    chord = lam * f(x1) + (1 - lam) * f(x2)
    return chord + 1e-12 - curve
