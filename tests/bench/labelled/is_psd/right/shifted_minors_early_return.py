import numpy as np


def is_psd(A):
    """Sylvester's criterion for A + tol * I."""
    M = np.array(A, dtype=float)
    tol = 1e-10
    p = M[0][0] + tol
    q = M[1][1] + tol
    r = M[0][1]
    if p < 0:
        return False
    if q < 0:
        return False
    if p * q - r * r < 0:
        return False
    return True
