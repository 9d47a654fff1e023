# family: algebra
# line: 5
# about: lam belongs to x1; here point and chord are taken at 1 - lam instead
def is_convex_on_chord(f, x1, x2, lam):
    w1, w2 = 1 - lam, lam
    return bool(f(w1 * x1 + w2 * x2) <= w1 * f(x1) + w2 * f(x2) + 1e-12)
