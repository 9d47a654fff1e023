import numpy as np


def soft_threshold(x, lam):
    x = np.asarray(x, dtype=float)
    return x - np.clip(x, -lam, lam)
