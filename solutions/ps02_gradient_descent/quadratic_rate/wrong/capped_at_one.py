# family: clamp
# line: 9
# about: hides divergence by never going above 1
import numpy as np


def quadratic_rate(alpha, eigs):
    worst = np.abs(1 - alpha * eigs).max()
    return min(float(worst), 1.0)
