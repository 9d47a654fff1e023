# family: dtype
# line: 8
# about: the result takes the type of x, so whole numbers cut the fractions off
import numpy as np


def soft_threshold(x, lam):
    out = np.zeros_like(x)
    out[x > lam] = x[x > lam] - lam
    out[x < -lam] = x[x < -lam] + lam
    return out
