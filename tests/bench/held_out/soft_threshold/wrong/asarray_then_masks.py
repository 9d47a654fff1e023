# family: mutation
# line: 8
# about: asarray makes no copy of a float array, and the masks then write into the caller's
import numpy as np


def soft_threshold(x, lam):
    z = np.asarray(x, dtype=np.float64)
    inside = np.abs(z) <= lam
    above = z > lam
    below = z < -lam
    z[above] -= lam
    z[below] += lam
    z[inside] = 0
    return z
