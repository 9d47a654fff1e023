import numpy as np

TOL = 1e-10


def is_psd(A):
    shifted = np.array(A, dtype=np.float64) + TOL * np.identity(2)
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    else:
        return True
