# family: clamp
# line: 10
# about: hard thresholding: entries above lam are kept as they are
import numpy as np


def soft_threshold(x, lam):
    x = np.array(x, dtype=float)
    small = np.abs(x) <= lam
    return np.where(small, 0.0, x)
