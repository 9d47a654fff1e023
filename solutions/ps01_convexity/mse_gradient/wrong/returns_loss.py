# family: return
# line: 11
# about: gives back the loss and not its gradient
import numpy as np


def mse_gradient(w, X, y):
    error = X @ w - y
    loss = np.mean(error**2)
    grad = 2 * X.T @ error / len(error)
    return loss
