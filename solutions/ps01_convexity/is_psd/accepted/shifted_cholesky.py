import numpy as np


def is_psd(A):
    try:
        np.linalg.cholesky(np.asarray(A, dtype=float) + 1e-10 * np.eye(2))
    except np.linalg.LinAlgError:
        return False
    return True
