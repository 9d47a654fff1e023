# family: norm
# line: 8
# about: the start keeps its length
import numpy as np


def power_iteration(A, v0, steps):
    v = v0
    for _ in range(steps):
        w = A @ v
        if np.linalg.norm(w) == 0:
            break
        v = w / np.linalg.norm(w)
    return v @ A @ v, v
