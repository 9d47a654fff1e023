def is_convex_on_chord(f, x1, x2, lam):
    tolerance = 1e-12
    between = lam * x1 + (1 - lam) * x2
    on_curve = f(between)
    on_chord = lam * f(x1) + (1 - lam) * f(x2)
    return bool(on_curve <= on_chord + tolerance)
