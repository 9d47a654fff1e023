# family: clamp
# line: 10
# about: entries smaller than lam go through zero to the other side
import numpy as np


def soft_threshold(x, lam):
    x = np.asarray(x)
    direction = np.where(x > 0, 1.0, np.where(x < 0, -1.0, 0.0))
    length = np.abs(x) - lam
    return direction * length
