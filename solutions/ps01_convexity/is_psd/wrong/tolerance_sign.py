# family: sign
# line: 9
# about: the tolerance has the wrong sign: the smallest eigenvalue must exceed it, so zero fails
import numpy as np


def is_psd(A):
    smallest = np.linalg.eigvalsh(np.array(A))[0]
    return bool(smallest >= 1e-10)
