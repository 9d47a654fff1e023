import numpy as np


def soft_threshold(x, lam):
    z = np.array(x, dtype=np.float64)
    big_pos = z > lam
    big_neg = z < -lam
    z[~(big_pos | big_neg)] = 0
    z[big_pos] -= lam
    z[big_neg] += lam
    return z
