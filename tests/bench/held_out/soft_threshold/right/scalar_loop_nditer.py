import numpy as np


def shrink(value, threshold):
    if value > threshold:
        return value - threshold
    if value < -threshold:
        return value + threshold
    return 0.0


def soft_threshold(x, lam):
    result = np.zeros(np.shape(x))
    for idx in np.ndindex(*np.shape(x)):
        result[idx] = shrink(x[idx], lam)
    return result
