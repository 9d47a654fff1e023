# family: mutation
# line: 9
# about: subtracts into the caller's y
import numpy as np


def mse_gradient(w, X, y):
    error = y
    error -= X @ w
    return -2 * X.T @ error / error.size
