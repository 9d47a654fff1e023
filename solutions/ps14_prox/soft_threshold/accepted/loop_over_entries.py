import numpy as np


def shrink(value, lam):
    if value > lam:
        return value - lam
    if value < -lam:
        return value + lam
    return 0.0


def soft_threshold(x, lam):
    x = np.asarray(x, dtype=float)
    out = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        out[i] = shrink(x[i], lam)
    return out
