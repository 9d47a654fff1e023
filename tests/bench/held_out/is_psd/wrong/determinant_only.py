# family: comparison
# line: 11
# about: only the determinant is looked at, so negative definite matrices pass
import numpy as np


def is_psd(A):
    A = np.array(A, dtype=float)
    d = A[0, 0] * A[1, 1] - A[0, 1] ** 2
    t = A[0, 0] + A[1, 1]
    ok = d >= -1e-10
    return bool(ok)
