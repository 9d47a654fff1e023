# family: dtype
# line: 10
# about: gives one truth value for each eigenvalue and not one for the matrix
import numpy as np


def is_psd(A):
    lambdas, _ = np.linalg.eigh(A)
    result = lambdas >= -1e-10
    return result
