# family: comparison
# line: 11
# about: a vector that A maps to zero is divided by zero
import numpy as np


def power_iteration(A, v0, steps):
    v = v0 / np.linalg.norm(v0)
    for _ in range(steps):
        w = A @ v
        v = w / np.linalg.norm(w)
    return v @ A @ v, v
