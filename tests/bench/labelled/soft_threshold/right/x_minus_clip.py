import numpy as np


def soft_threshold(x, lam):
    return x - np.clip(x, -lam, lam)
