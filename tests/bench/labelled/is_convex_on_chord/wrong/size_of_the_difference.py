# family: abs
# line: 11
# about: the size of the difference is small only where the curve touches the chord
from math import fabs


def is_convex_on_chord(f, x1, x2, lam):
    t = 1 - lam
    fx = f(lam * x1 + t * x2)
    line = lam * f(x1) + t * f(x2)
    diff = fabs(fx - line)
    return diff <= 1e-12
