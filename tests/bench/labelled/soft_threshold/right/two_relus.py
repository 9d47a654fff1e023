import numpy as np


def relu(z):
    return np.maximum(z, 0.0)


def soft_threshold(x, lam):
    x = np.asarray(x, dtype=float)
    return relu(x - lam) - relu(-x - lam)
