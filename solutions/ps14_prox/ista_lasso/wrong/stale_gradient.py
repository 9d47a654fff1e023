# family: step-count
# line: 9
# about: the gradient is taken once at the start and never renewed
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    gradient = A.T @ (A @ x - b)
    for _ in range(steps):
        z = x - step * gradient
        x = np.sign(z) * np.maximum(np.abs(z) - step * lam, 0.0)
    return x
