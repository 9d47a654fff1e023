# family: algebra
# line: 7
# about: the weights of the two end values are exchanged on the chord
def is_convex_on_chord(f, x1, x2, lam):
    x = lam * x1 + (1 - lam) * x2
    left = f(x)
    right = (1 - lam) * f(x1) + lam * f(x2)
    return bool(left <= right + 1e-12)
