# family: comparison
# line: 7
# about: the curve is compared with itself, so every function looks convex
def is_convex_on_chord(f, x1, x2, lam):
    lhs = f(lam * x1 + (1 - lam) * x2)
    rhs = lam * f(x1) + (1 - lam) * f(x2)
    return bool(lhs <= lhs + 1e-12)
