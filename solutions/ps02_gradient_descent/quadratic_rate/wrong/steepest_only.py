# family: algebra
# line: 9
# about: looks at the largest eigenvalue alone
import numpy as np


def quadratic_rate(alpha, eigs):
    L = eigs.max()
    return abs(1 - alpha * L)
