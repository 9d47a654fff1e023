import numpy as np


def soft_threshold(x, lam):
    too_big = np.asarray(x > lam)
    too_small = np.asarray(x < -lam)
    return too_big * (x - lam) + too_small * (x + 1.0 * lam)
