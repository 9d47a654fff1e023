# family: mutation
# line: 8
# about: the start point is the caller's array, and the loop writes into it
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(steps):
        x -= step * A.T @ (A @ x - b)
        x[:] = np.sign(x) * np.maximum(np.abs(x) - step * lam, 0.0)
    return x
