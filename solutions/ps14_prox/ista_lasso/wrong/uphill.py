# family: sign
# line: 14
# about: the gradient step goes uphill
import numpy as np


def ista_lasso(A, b, lam, step, steps, x0):
    def prox(z):
        t = step * lam
        return np.where(z > t, z - t, np.where(z < -t, z + t, 0.0))

    x = np.array(x0)
    for _ in range(steps):
        x = prox(x + step * A.T.dot(A.dot(x) - b))
    return x
