# family: abs
# line: 8
# about: takes the eigenvalues' sizes, so none can be negative
import numpy as np


def is_psd(A):
    eigs = [abs(e) for e in np.linalg.eigvalsh(A)]
    eigs.sort()
    return bool(eigs[0] >= -1e-10)
