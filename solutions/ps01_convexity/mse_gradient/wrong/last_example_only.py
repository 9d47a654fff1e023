# family: algebra
# line: 10
# about: each pass of the loop overwrites the sum instead of adding to it
import numpy as np


def mse_gradient(w, X, y):
    total = np.zeros(len(w))
    for row, target in zip(X, y):
        total = 2 * (np.dot(row, w) - target) * row
    return total / len(y)
