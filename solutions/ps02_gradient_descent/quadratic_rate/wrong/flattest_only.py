# family: algebra
# line: 9
# about: looks at the smallest eigenvalue alone
import numpy as np


def quadratic_rate(alpha, eigs):
    mu = np.sort(eigs)[0]
    return float(np.abs(1 - alpha * mu))
