import numpy as np


def is_psd(A):
    # Sylvester: all principal minors must be >= 0 for PSD (not only the leading ones)
    M = np.asarray(A, dtype=float)
    tol = 1e-10
    m1 = M[0, 0]
    m2 = M[1, 1]
    determinant = M[0, 0] * M[1, 1] - M[0, 1] * M[1, 0]

    if m1 < -tol:
        return False
    if m2 < -tol:
        return False
    if determinant < -tol:
        return False
    return True
