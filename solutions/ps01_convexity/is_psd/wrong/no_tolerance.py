# family: comparison
# line: 8
# about: compares with exactly zero, so an eigenvalue of -1e-11 that is round-off is rejected
import numpy as np


def is_psd(A):
    return bool(min(np.linalg.eigvalsh(A)) >= 0)
