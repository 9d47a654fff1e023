# family: learning-rate
# line: 11
# about: shrinks by lam where each step may shrink by step * lam only
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0.copy()
    for _ in range(steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.sign(z) * np.maximum(np.abs(z) - lam, 0.0)
    return x
