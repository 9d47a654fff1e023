import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    AtA, Atb = A.T @ A, A.T @ b
    t = lam * step
    x = x0.copy()
    k = 0
    while k < steps:
        x += step * (Atb - AtA @ x)
        x -= np.clip(x, -t, t)
        k += 1
    return x
