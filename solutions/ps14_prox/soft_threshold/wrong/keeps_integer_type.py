# family: dtype
# line: 9
# about: the result takes the integer type of the input, so fractions are cut off
import numpy as np


def soft_threshold(x, lam):
    flat = x.ravel()
    out = np.zeros_like(flat)
    for i in range(flat.size):
        if flat[i] > lam:
            out[i] = flat[i] - lam
        elif flat[i] < -lam:
            out[i] = flat[i] + lam
    return out.reshape(x.shape)
