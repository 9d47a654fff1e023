# family: sign
# line: 8
# about: the error of one step is multiplied by 1 - alpha eig, not 1 + alpha eig
import numpy as np


def quadratic_rate(alpha, eigs):
    return float(np.max(np.abs(1 + alpha * eigs)))
