# family: sign
# line: 8
# about: the tolerance has the wrong sign, so equality fails
def is_convex_on_chord(f, x1, x2, lam):
    tol = 1e-12
    lhs = f(lam * x1 + (1 - lam) * x2)
    rhs = lam * f(x1) + (1 - lam) * f(x2)
    return bool(lhs <= rhs - tol)
