# family: algebra
# line: 12
# about: the vector is never scaled to length one again
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        if np.linalg.norm(A @ v) == 0:
            break
        v = A @ v
    return v @ A @ v, v
