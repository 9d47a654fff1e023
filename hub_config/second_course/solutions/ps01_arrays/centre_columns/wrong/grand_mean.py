# family: norm
# line: 8
# about: takes the mean of the whole table instead of each column
import numpy as np


def centre_columns(X):
    return X - np.mean(X)
