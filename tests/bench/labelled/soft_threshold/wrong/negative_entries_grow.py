# family: sign
# line: 11
# about: entries below minus lam move away from zero
import numpy as np


def shrink(value, lam):
    if value > lam:
        return value - lam
    if value < -lam:
        return value - lam
    return 0.0


def soft_threshold(x, lam):
    out = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        out[index] = shrink(x[index], lam)
    return out
