# family: algebra
# line: 10
# about: shrinks before the gradient step, so the returned point has no exact zeros
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(steps):
        x = np.sign(x) * np.maximum(np.abs(x) - step * lam, 0.0)
        x = x - step * A.T @ (A @ x - b)
    return x
