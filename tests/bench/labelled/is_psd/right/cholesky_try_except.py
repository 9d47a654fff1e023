import numpy as np


def is_psd(A):
    A = np.asarray(A, dtype=np.float64)
    shifted = A + 1e-10 * np.identity(2)
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    else:
        return True
