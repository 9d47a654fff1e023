import numpy as np


def soft_threshold(x, lam):
    size = np.abs(x)
    safe = np.where(size > 0, size, 1.0)
    factor = 1 - lam / safe
    factor[factor < 0] = 0
    return x * factor
