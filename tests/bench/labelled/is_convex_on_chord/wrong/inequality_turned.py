# family: comparison
# line: 7
# about: tests for the curve above the chord, which is concavity
def is_convex_on_chord(f, x1, x2, lam):
    z = lam * x1 + (1 - lam) * x2
    lhs, rhs = f(z), lam * f(x1) + (1 - lam) * f(x2)
    return bool(lhs + 1e-12 >= rhs)
