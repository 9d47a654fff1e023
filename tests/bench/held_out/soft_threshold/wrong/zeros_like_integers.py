# family: dtype
# line: 8
# about: zeros_like takes over the integer type of x, and the results are cut down
import numpy as np


def soft_threshold(x, lam):
    res = np.zeros_like(x)
    pos = x > lam
    neg = x < -lam
    res[pos] = x[pos] - lam
    res[neg] = x[neg] + lam
    return res
