# family: sign
# line: 6
# about: the second end enters the chord with a minus
def is_convex_on_chord(f, x1, x2, lam):
    point = lam * x1 + (1 - lam) * x2
    chord = lam * f(x1) - (1 - lam) * f(x2)
    return bool(f(point) - chord <= 1e-12)
