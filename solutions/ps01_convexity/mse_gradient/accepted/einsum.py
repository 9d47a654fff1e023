import numpy as np


def mse_gradient(w, X, y):
    error = np.einsum("nd,d->n", X, w) - y
    return 2.0 * np.einsum("nd,n->d", X, error) / y.size
