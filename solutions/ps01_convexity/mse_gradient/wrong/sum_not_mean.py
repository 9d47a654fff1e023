# family: algebra
# line: 11
# about: adds over the examples and never divides by their number
import numpy as np


def mse_gradient(w, X, y):
    grad = np.zeros_like(w)
    for x_i, y_i in zip(X, y):
        grad = grad + 2 * (x_i @ w - y_i) * x_i
    return grad
