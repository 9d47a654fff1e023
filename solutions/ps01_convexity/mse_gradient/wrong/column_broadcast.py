# family: algebra
# line: 9
# about: a column minus a row gives a table of all pairs of examples
import numpy as np


def mse_gradient(w, X, y):
    prediction = X @ w.reshape(-1, 1)
    error = prediction - y
    return 2 * np.mean(X.T @ error, axis=1) / len(y)
