# family: abs
# line: 9
# about: the threshold is taken off x itself, so every negative entry becomes zero
import numpy as np


def soft_threshold(x, lam):
    signs = np.sign(x)
    shrunk = np.maximum(x - lam, 0.0)
    return signs * shrunk
