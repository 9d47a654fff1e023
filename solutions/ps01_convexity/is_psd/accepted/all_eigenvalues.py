import numpy as np


def is_psd(A):
    A = np.array(A)
    w, _ = np.linalg.eigh((A + A.T) / 2)
    return np.all(w >= -1e-10)
