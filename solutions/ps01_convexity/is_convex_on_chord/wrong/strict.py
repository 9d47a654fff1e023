# family: comparison
# line: 7
# about: on a straight line curve and chord are equal, which a strict comparison rejects
def is_convex_on_chord(f, x1, x2, lam):
    below = f(lam * x1 + (1 - lam) * x2)
    above = lam * f(x1) + (1 - lam) * f(x2)
    if below < above:
        return True
    return False
