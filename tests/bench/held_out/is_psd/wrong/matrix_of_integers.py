# family: dtype
# line: 9
# about: the entries are cut down to integers before the eigenvalues are taken
import numpy as np


def is_psd(A):
    # A can be a list of lists
    matrix = np.array(A, dtype=int)
    smallest_eigenvalue = np.linalg.eigvalsh(matrix)[0]
    if smallest_eigenvalue >= -1e-10:
        return True
    return False
