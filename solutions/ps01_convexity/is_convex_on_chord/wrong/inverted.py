# family: comparison
# line: 8
# about: the comparison is the wrong way round: this tests concavity
def is_convex_on_chord(f, x1, x2, lam):
    z = lam * x1 + (1 - lam) * x2
    curve = f(z)
    chord = lam * f(x1) + (1 - lam) * f(x2)
    return bool(curve >= chord - 1e-12)
