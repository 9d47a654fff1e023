# family: mutation
# line: 9
# about: the entries are set in the caller's own array
import numpy as np


def soft_threshold(x, lam):
    keep = np.abs(x) > lam
    x[~keep] = 0
    return x - lam * np.sign(x) * keep
