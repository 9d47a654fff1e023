# family: comparison
# line: 12
# about: asks for eigenvalues above zero, so singular matrices are refused
import numpy as np


def is_psd(A):
    """Check positive semi-definiteness through the spectrum."""
    A = np.array(A)
    eigs, _ = np.linalg.eigh(A)
    for ev in eigs:
        if ev <= 0:
            return False
    return True
