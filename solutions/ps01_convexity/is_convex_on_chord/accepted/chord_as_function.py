def make_chord(f, x1, x2):
    def chord(t):
        return t * f(x1) + (1 - t) * f(x2)

    return chord


def is_convex_on_chord(f, x1, x2, lam):
    chord = make_chord(f, x1, x2)
    if f(lam * x1 + (1 - lam) * x2) > chord(lam) + 1e-12:
        return False
    return True
