def is_convex_on_chord(f, x1, x2, lam):
    return bool(lam * f(x1) + (1 - lam) * f(x2) - f(lam * x1 + (1 - lam) * x2) >= -1e-12)
