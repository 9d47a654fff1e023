# family: sign
# line: 10
# about: the part for negative entries has to be subtracted
import numpy as np


def soft_threshold(x, lam):
    positive_part = np.maximum(x - lam, 0)
    negative_part = np.maximum(-x - lam, 0)
    return positive_part + negative_part
