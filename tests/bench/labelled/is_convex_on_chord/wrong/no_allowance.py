# family: comparison
# line: 7
# about: no allowance for rounding, which decides on straight lines
def is_convex_on_chord(f, x1, x2, lam):
    a = lam
    b = 1 - lam
    return bool(f(a * x1 + b * x2) <= a * f(x1) + b * f(x2))
