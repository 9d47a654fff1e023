# family: sign
# line: 6
# about: the second end point gets the weight 1 + lam in the combination
def is_convex_on_chord(f, x1, x2, lam):
    fa, fb = f(x1), f(x2)
    between = lam * x1 + (1 + lam) * x2
    return bool(f(between) <= lam * fa + (1 - lam) * fb + 1e-12)
