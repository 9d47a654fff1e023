import numpy as np


def is_psd(A):
    values, vectors = np.linalg.eigh(np.array(A))
    ok = True
    for value in values:
        if value < -1e-10:
            ok = False
            break
    return ok
