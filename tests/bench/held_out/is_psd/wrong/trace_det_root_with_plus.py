# family: sign
# line: 13
# about: the smaller root of the characteristic polynomial is taken with a plus
import numpy as np


def is_psd(A):
    # lambda^2 - tr(A) lambda + det(A) = 0
    A = np.asarray(A, dtype=float)
    tr = np.trace(A)
    det = np.linalg.det(A)
    disc = np.sqrt(max(tr**2 - 4 * det, 0.0))
    lambda_min = (tr + disc) / 2
    return bool(lambda_min >= -1e-10)
