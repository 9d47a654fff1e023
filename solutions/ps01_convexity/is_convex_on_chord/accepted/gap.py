def is_convex_on_chord(f, x1, x2, lam):
    mid = x2 + lam * (x1 - x2)
    excess = f(mid) - (f(x2) + lam * (f(x1) - f(x2)))
    return excess <= 1e-12
