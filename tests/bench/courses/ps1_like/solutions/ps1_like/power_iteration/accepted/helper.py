import numpy as np


def unit(x):
    return x / np.linalg.norm(x)


def power_iteration(A, v0, steps):
    v = unit(v0)
    for _ in range(steps):
        if not np.any(A @ v):
            break
        v = unit(A @ v)
    rayleigh = np.dot(v, A @ v)
    return rayleigh, v
