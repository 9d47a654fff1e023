import numpy as np


def centre_columns(X):
    Y = np.array(X, dtype=float)
    for j in range(Y.shape[1]):
        Y[:, j] -= sum(Y[:, j]) / len(Y)
    return Y
