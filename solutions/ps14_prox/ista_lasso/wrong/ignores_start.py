# family: algebra
# line: 10
# about: starts at zero whatever x0 is
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    AtA = A.T @ A
    Atb = A.T @ b
    x = np.zeros(A.shape[1])
    for _ in range(steps):
        z = x - step * (AtA @ x - Atb)
        x = np.maximum(z - step * lam, 0) + np.minimum(z + step * lam, 0)
    return x
