# family: algebra
# line: 8
# about: divides by the mean instead of taking it away
import numpy as np


def centre_columns(X):
    return X / np.mean(X, axis=0)
