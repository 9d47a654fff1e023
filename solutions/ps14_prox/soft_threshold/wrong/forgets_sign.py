# family: abs
# line: 9
# about: negative entries come out positive because the sign is never put back
import numpy as np


def soft_threshold(x, lam):
    magnitude = np.maximum(np.abs(x) - lam, 0)
    return magnitude
