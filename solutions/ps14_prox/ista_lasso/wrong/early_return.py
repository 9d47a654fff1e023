# family: step-count
# line: 14
# about: the return stands inside the loop, so one step is all that happens
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    x = x0.copy()
    if steps == 0:
        return x
    for _ in range(steps):
        z = x - step * A.T @ (A @ x - b)
        x = np.sign(z) * np.maximum(np.abs(z) - step * lam, 0.0)
        return x
