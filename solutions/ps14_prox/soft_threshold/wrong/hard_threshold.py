# family: clamp
# line: 8
# about: large entries are kept as they are instead of being pulled towards zero
import numpy as np


def soft_threshold(x, lam):
    return np.where(np.abs(x) > lam, x, 0.0)
