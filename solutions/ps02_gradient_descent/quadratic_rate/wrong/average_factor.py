# family: algebra
# line: 11
# about: averages the directions instead of taking the worst
import numpy as np


def quadratic_rate(alpha, eigs):
    total = 0.0
    for eig in eigs:
        total += abs(1.0 - alpha * eig)
    return float(total / len(eigs))
