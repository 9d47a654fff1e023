# family: comparison
# line: 5
# about: without a tolerance rounding decides where curve and chord are equal
def is_convex_on_chord(f, x1, x2, lam):
    return bool(f(lam * x1 + (1 - lam) * x2) <= lam * f(x1) + (1 - lam) * f(x2))
