# family: algebra
# line: 6
# about: without brackets, 1 - lam * f(x2) is not (1 - lam) * f(x2)
def is_convex_on_chord(f, x1, x2, lam):
    gorbe = f(lam * x1 + (1 - lam) * x2)
    egyenes = lam * f(x1) + 1 - lam * f(x2)
    return bool(gorbe <= egyenes + 1e-12)
