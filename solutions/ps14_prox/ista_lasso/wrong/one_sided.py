# family: abs
# line: 11
# about: without the size and the sign every negative entry is set to zero
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.maximum(z - step * lam, 0.0)
    return x
