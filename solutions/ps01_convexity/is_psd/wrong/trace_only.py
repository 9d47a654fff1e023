# family: comparison
# line: 9
# about: a positive sum of eigenvalues can hide a negative one
import numpy as np


def is_psd(A):
    A = np.asarray(A)
    return bool(np.trace(A) >= -1e-10)
