import numpy as np


def iterates(A, b, lam, step, x):
    while True:
        yield x
        z = x + step * (A.T @ (b - A @ x))
        size = np.abs(z)
        kept = size > step * lam
        x = np.zeros_like(z)
        x[kept] = z[kept] * (1 - step * lam / size[kept])


def ista_lasso(A, b, lam, step, steps, x0):
    for k, x in enumerate(iterates(A, b, lam, step, np.asarray(x0, dtype=float))):
        if k == steps:
            return x
