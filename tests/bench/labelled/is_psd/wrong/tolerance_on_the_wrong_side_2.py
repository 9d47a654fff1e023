# family: sign
# line: 15
# about: the tolerance lifts the limit above zero where it should lower it
import numpy as np

EPS = 1e-10


def smallest_eigenvalue(M):
    return min(np.linalg.eigvalsh(M))


def is_psd(A):
    lam_min = smallest_eigenvalue(np.asarray(A, float))
    return bool(lam_min - EPS >= 0)
