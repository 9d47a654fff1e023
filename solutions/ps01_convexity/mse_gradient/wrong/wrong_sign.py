# family: sign
# line: 8
# about: target minus prediction, so the result points downhill
import numpy as np


def mse_gradient(w, X, y):
    residual = y - X.dot(w)
    n = X.shape[0]
    return (2.0 / n) * X.T.dot(residual)
