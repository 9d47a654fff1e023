# family: algebra
# line: 9
# about: the square was differentiated without its factor 2
import numpy as np


def mse_gradient(w, X, y):
    error = X @ w - y
    return X.T @ error / len(y)
