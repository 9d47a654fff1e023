# family: algebra
# line: 12
# about: divided by the squared length
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        w = A @ v
        if w @ w > 0:
            v = w / (w @ w)
    return v @ A @ v, v
