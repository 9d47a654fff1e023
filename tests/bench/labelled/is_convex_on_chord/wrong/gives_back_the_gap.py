# family: return
# line: 10
# about: the gap between chord and curve comes back, not whether it is one
def chord_gap(f, p, q, w):
    return w * f(p) + (1 - w) * f(q) - f(w * p + (1 - w) * q)


def is_convex_on_chord(f, x1, x2, lam):
    gap = chord_gap(f, x1, x2, lam) + 1e-12
    return gap
