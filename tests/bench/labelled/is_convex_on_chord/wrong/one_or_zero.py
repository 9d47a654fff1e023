# family: dtype
# line: 7
# about: the answer is the number 1 or 0, not True or False
def is_convex_on_chord(f, x1, x2, lam):
    xm = lam * x1 + (1 - lam) * x2
    ym = lam * f(x1) + (1 - lam) * f(x2)
    return int(f(xm) <= ym + 1e-12)
