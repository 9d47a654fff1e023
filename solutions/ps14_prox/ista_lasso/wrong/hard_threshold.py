# family: clamp
# line: 11
# about: hard thresholding: large entries are kept whole when they should shrink as well
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0
    for _ in range(steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.where(np.abs(z) > step * lam, z, 0.0)
    return x
