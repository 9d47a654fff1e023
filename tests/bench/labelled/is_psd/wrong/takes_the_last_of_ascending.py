# family: algebra
# line: 10
# about: eigvalsh sorts upwards, so the last one is the largest, not the smallest
import numpy as np


def is_psd(A):
    w = np.linalg.eigvalsh(A)
    # legkisebb sajátérték
    legkisebb = w[-1]
    return bool(legkisebb >= -1e-10)
