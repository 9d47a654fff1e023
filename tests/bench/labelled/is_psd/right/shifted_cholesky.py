import numpy as np


def is_psd(A):
    # a positive definite matrix has a Cholesky factor, so push it up by the tolerance first
    shifted = np.array(A, dtype=float) + 1e-10 * np.identity(2)
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    return True
