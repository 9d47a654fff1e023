# family: comparison
# line: 9
# about: the comparison is the wrong way round and accepts what is negative
import numpy as np


def is_psd(A):
    w = np.linalg.eigvalsh(A)
    if w[0] <= -1e-10:
        return True
    return False
