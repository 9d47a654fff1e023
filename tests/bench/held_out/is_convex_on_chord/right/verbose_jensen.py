import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    # weights of the two end points
    w1 = lam
    w2 = 1.0 - lam

    # point between x1 and x2
    x_mid = w1 * x1 + w2 * x2

    # left hand side and right hand side of Jensen's inequality
    lhs = f(x_mid)
    rhs = w1 * f(x1) + w2 * f(x2)

    violation = lhs - rhs
    if violation > 1e-12:
        return False
    return True
