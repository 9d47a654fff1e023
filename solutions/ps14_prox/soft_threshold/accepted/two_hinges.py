import numpy as np


def soft_threshold(x, lam):
    right = np.maximum(x - lam, 0)
    left = np.maximum(-x - lam, 0)
    return 1.0 * (right - left)
