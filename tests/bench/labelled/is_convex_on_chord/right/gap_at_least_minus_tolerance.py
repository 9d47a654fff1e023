def is_convex_on_chord(f, x1, x2, lam):
    chord = lam * f(x1) + (1.0 - lam) * f(x2)
    curve = f(lam * x1 + (1.0 - lam) * x2)
    gap = chord - curve
    return bool(gap >= -1e-12)
