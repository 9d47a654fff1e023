# family: sign
# line: 11
# about: adds the threshold to the magnitude, so entries move away from zero
import numpy as np


def soft_threshold(x, lam):
    x = np.asarray(x, dtype=float)
    out = np.zeros(x.shape)
    for i, value in np.ndenumerate(x):
        out[i] = np.sign(value) * max(abs(value) + lam, 0.0)
    return out
