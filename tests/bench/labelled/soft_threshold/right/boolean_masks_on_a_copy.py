import numpy as np


def soft_threshold(x, lam):
    out = x.astype(np.float64)
    big = out > lam
    small = out < -lam
    out[big] -= lam
    out[small] += lam
    out[~(big | small)] = 0
    return out
