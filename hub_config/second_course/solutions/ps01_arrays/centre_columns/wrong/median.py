# family: algebra
# line: 8
# about: takes the median instead of the mean
import numpy as np


def centre_columns(X):
    return X - np.median(X, axis=0)
