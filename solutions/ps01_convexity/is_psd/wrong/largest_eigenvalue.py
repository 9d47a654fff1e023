# family: clamp
# line: 9
# about: asks the largest eigenvalue where the smallest decides
import numpy as np


def is_psd(A):
    lam = np.linalg.eigvalsh(A)
    return bool(lam.max() >= -1e-10)
