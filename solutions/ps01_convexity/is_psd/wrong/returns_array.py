# family: dtype
# line: 9
# about: one truth value per eigenvalue comes back instead of a single one
import numpy as np


def is_psd(A):
    eigenvalues = np.linalg.eigvalsh(A)
    return eigenvalues >= -1e-10
