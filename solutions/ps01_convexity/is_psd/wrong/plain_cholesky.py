# family: comparison
# line: 9
# about: a Cholesky factorisation without a shift exists for definite matrices only
import numpy as np


def is_psd(A):
    try:
        np.linalg.cholesky(np.asarray(A, dtype=float))
        return True
    except np.linalg.LinAlgError:
        return False
