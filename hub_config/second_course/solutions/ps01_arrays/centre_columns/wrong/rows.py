# family: norm
# line: 8
# about: takes the mean of each row instead of each column
import numpy as np


def centre_columns(X):
    return X - np.mean(X, axis=1, keepdims=True)
