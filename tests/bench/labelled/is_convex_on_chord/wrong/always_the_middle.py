# family: algebra
# line: 6
# about: looks at the middle of the chord whatever lam is
def is_convex_on_chord(f, x1, x2, lam):
    """Jensen: f(E x) <= E f(x)"""
    mean_x = 0.5 * (x1 + x2)
    mean_f = lam * f(x1) + (1 - lam) * f(x2)
    return bool(f(mean_x) <= mean_f + 1e-12)
