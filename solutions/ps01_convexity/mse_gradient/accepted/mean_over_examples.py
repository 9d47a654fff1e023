import numpy as np


def mse_gradient(w, X, y):
    residual = (y - X @ w)[:, np.newaxis]
    return np.mean(-2.0 * residual * X, axis=0)
