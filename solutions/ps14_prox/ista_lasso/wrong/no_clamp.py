# family: clamp
# line: 12
# about: small entries change sign because the shrunk size may fall below zero
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = np.asarray(x0, dtype=float)
    for _ in range(steps):
        residual = A @ x - b
        z = x - step * (A.T @ residual)
        x = np.sign(z) * (np.abs(z) - step * lam)
    return x
