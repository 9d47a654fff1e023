# family: algebra
# line: 6
# about: the chord mixes f(x1) with x2 itself and not with f(x2)
def is_convex_on_chord(f, x1, x2, lam):
    lhs = f(x1 * lam + x2 * (1 - lam))
    rhs = f(x1) * lam + x2 * (1 - lam)
    return bool(lhs - rhs <= 1e-12)
