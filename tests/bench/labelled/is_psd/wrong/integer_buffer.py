# family: dtype
# line: 9
# about: the matrix is copied into whole numbers, so the decimals are lost
import numpy as np


def is_psd(A):
    n = 2
    M = np.zeros((n, n), dtype=int)
    i = 0
    while i < n:
        j = 0
        while j < n:
            M[i][j] = A[i][j]
            j += 1
        i += 1
    w = np.linalg.eigvalsh(M)
    return bool(w[0] >= -1e-10)
