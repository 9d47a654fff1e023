import numpy as np


def soft_threshold(x, lam):
    return np.where(x > lam, x - lam, np.where(x < -lam, x + lam, 0.0))
