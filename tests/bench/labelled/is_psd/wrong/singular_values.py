# family: algebra
# line: 10
# about: singular values are never negative; eigenvalues are meant
import numpy as np


def is_psd(A):
    tol = 1e-10
    A = np.array(A, dtype=float)
    s = np.linalg.svd(A, compute_uv=False)
    return bool(np.all(s >= -tol))
