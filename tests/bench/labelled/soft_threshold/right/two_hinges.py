import numpy as np


def soft_threshold(x, lam):
    above = np.maximum(x - lam, 0.0)
    below = np.maximum(-x - lam, 0.0)
    return above - below
