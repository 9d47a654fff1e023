# family: abs
# line: 9
# about: the size of each error is used and its direction lost
import numpy as np


def mse_gradient(w, X, y):
    n = len(y)
    error = np.abs(X @ w - y)
    return sum(2 * e * x for e, x in zip(error, X)) / n
