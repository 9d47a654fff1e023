# family: algebra
# line: 10
# about: divides the gradient by the number of rows, which belongs to the mean squared loss
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x, t = x0, step * lam
    for _ in range(steps):
        gradient = A.T @ (A @ x - b) / len(b)
        z = x - step * gradient
        x = z - np.clip(z, -t, t)
    return x
