# family: algebra
# line: 8
# about: the mean runs over the features instead of the examples
import numpy as np


def mse_gradient(w, X, y):
    n = X.shape[1]
    predictions = X @ w
    return 2 / n * (X.T @ (predictions - y))
