# family: algebra
# line: 9
# about: 1 - 2 alpha / (L + mu) is no factor of any direction
import numpy as np


def quadratic_rate(alpha, eigs):
    L, mu = np.max(eigs), np.min(eigs)
    return float(1 - 2 * alpha / (L + mu))
