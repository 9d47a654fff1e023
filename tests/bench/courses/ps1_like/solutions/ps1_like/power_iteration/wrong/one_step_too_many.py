# family: step-count
# line: 9
# about: one step more than asked for
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps + 1):
        w = A @ v
        if np.linalg.norm(w) == 0:
            break
        v = w / np.linalg.norm(w)
    return v @ A @ v, v
