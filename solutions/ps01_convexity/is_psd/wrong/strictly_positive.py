# family: comparison
# line: 9
# about: singular matrices are semidefinite too, but a strict comparison with zero rejects them
import numpy as np


def is_psd(A):
    eigenvalues = np.linalg.eigvalsh(A)
    return bool(np.all(eigenvalues > 0))
