# family: algebra
# line: 9
# about: entries above the threshold are kept whole: that is hard thresholding
import numpy as np


def soft_threshold(x, lam):
    x = np.array(x, dtype=float)
    return np.where(np.abs(x) > lam, x, 0.0)
