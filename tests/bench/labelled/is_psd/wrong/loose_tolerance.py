# family: comparison
# line: 7
# about: a tolerance of 1e-6 lets through an eigenvalue of -1e-8
import numpy as np


def is_psd(A, tol=1e-6):
    eigenvalues = np.linalg.eigvalsh(np.atleast_2d(A))
    negative = [val for val in eigenvalues if val < -tol]
    return len(negative) == 0
