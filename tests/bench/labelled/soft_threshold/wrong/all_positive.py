# family: abs
# line: 13
# about: the sign of the entries is never put back
import numpy as np


def soft_threshold(x, lam):
    # shrink the absolute value, but never below zero
    absolute_values = np.abs(x)
    reduced_values = absolute_values - lam
    reduced_values[reduced_values < 0] = 0
    result = reduced_values
    return result
