import numpy as np


def centre_columns(X):
    return X - np.average(X, axis=0)[None, :]
