def is_convex_on_chord(f, x1, x2, lam):
    # a húr és a görbe magassága az x pontban
    x = lam * x1 + (1 - lam) * x2
    gorbe = f(x)
    hur = lam * f(x1) + (1 - lam) * f(x2)
    kulonbseg = gorbe - hur
    if kulonbseg > 1e-12:
        return False
    return True
