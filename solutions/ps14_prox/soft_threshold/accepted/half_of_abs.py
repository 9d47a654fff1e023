import numpy as np


def soft_threshold(x, lam):
    t = np.abs(x) - lam
    t = (t + np.abs(t)) / 2
    t[x < 0] *= -1
    return t
