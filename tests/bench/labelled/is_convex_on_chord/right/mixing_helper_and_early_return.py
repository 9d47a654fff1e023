def mix(p, q, t):
    return t * p + (1 - t) * q


def is_convex_on_chord(f, x1, x2, lam):
    if f(mix(x1, x2, lam)) > mix(f(x1), f(x2), lam) + 1e-12:
        return False
    return True
