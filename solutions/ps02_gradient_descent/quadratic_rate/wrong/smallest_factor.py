# family: clamp
# line: 9
# about: takes the best direction where the worst is asked for
import numpy as np


def quadratic_rate(alpha, eigs):
    factors = np.abs(1 - alpha * eigs)
    return float(np.min(factors))
