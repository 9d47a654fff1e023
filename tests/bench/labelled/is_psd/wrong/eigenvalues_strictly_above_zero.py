# family: comparison
# line: 9
# about: the eigenvalues have to be above zero, so a singular matrix is turned down
import numpy as np


def is_psd(A):
    eigenvalues = np.linalg.eigvals(np.asarray(A, dtype=float))
    return all(e > 0 for e in eigenvalues)
