# family: return
# line: 8
# about: gives back the factor of every direction, not the worst
import numpy as np


def quadratic_rate(alpha, eigs):
    return np.abs(1 - alpha * eigs)
