# family: algebra
# line: 10
# about: a subgradient step in place of the proximal step: no entry becomes exactly zero
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0.copy()
    for _ in range(steps):
        x = x - step * (A.T @ (A @ x - b) + lam * np.sign(x))
    return x
