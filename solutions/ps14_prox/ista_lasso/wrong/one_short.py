# family: step-count
# line: 9
# about: takes one step too few because the range starts at one
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(1, steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.sign(z) * np.maximum(np.abs(z) - step * lam, 0.0)
    return x
