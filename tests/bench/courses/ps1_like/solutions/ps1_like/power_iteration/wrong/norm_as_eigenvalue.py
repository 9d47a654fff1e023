# family: return
# line: 13
# about: the length of A v has no sign
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        w = A @ v
        if np.linalg.norm(w) > 0:
            v = w / np.linalg.norm(w)
    return np.linalg.norm(A @ v), v
