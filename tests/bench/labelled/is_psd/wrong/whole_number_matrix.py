# family: dtype
# line: 8
# about: the copy of the matrix cuts off the fractions
import numpy as np


def is_psd(A):
    M = np.zeros((2, 2), dtype=int)
    for i in range(2):
        for j in range(2):
            M[i, j] = A[i][j]
    e1, e2 = np.linalg.eigvalsh(M)
    return bool(e1 >= -1e-10 and e2 >= -1e-10)
