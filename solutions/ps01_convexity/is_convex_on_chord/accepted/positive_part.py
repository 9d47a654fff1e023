def is_convex_on_chord(f, x1, x2, lam):
    lhs = f(lam * x1 + (1.0 - lam) * x2)
    rhs = lam * f(x1) + (1.0 - lam) * f(x2)
    violation = max(0.0, lhs - rhs)
    return not violation > 1e-12
