import numpy as np


def mse_gradient(w, X, y):
    n, d = X.shape
    grad = np.zeros(d)
    for i in range(n):
        error = X[i].dot(w) - y[i]
        for j in range(d):
            grad[j] += 2 * error * X[i, j]
    return grad / n
