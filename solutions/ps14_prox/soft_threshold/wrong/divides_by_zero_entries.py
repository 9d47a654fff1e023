# family: algebra
# line: 8
# about: the shrinking ratio divides by entries that are zero and turns them into nan
import numpy as np


def soft_threshold(x, lam):
    return np.maximum(1 - lam / np.abs(x), 0) * x
