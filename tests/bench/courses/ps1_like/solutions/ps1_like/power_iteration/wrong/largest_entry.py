# family: algebra
# line: 12
# about: scaled by the largest entry instead of the length
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        w = A @ v
        if np.any(w):
            v = w / np.max(np.abs(w))
    return v @ A @ v, v
