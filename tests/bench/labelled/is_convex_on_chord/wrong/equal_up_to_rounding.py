# family: abs
# line: 7
# about: the size of the difference is tested, so only straight lines pass
def is_convex_on_chord(f, x1, x2, lam):
    blend = lambda u, v: lam * u + (1 - lam) * v
    difference = f(blend(x1, x2)) - blend(f(x1), f(x2))
    return bool(abs(difference) <= 1e-12)
