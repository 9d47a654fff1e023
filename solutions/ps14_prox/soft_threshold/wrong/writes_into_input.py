# family: mutation
# line: 9
# about: the assignments through a mask change the caller's array
import numpy as np


def soft_threshold(x, lam):
    s = np.sign(x)
    x[...] = np.abs(x) - lam
    return s * np.where(x > 0, x, 0.0)
