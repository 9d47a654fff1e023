import numpy as np


def is_psd(A):
    for eigenvalue in np.linalg.eigvals(A).real:
        if eigenvalue < -1e-10:
            return False
    return True
