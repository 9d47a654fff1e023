import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    def shrink(z, t):
        return np.where(z > t, z - t, np.where(z < -t, z + t, 0.0))

    def grad(x):
        return A.T.dot(A.dot(x) - b)

    x = np.array(x0, dtype=float)
    for _ in range(steps):
        x = shrink(x - step * grad(x), step * lam)
    return x
