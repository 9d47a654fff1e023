# family: abs
# line: 10
# about: the absolute values of the eigenvalues are compared, and these are never negative
import numpy as np

is_close_to_nonneg = lambda value: value >= -1e-10


def is_psd(A):
    spectrum = np.abs(np.linalg.eigvalsh(np.asarray(A)))
    return all(is_close_to_nonneg(value) for value in spectrum)
