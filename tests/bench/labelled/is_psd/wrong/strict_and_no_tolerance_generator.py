# family: comparison
# line: 9
# about: asks for positive definite: an eigenvalue of zero is turned away
import numpy as np


def is_psd(A):
    evs = np.linalg.eigvalsh(np.array(A))
    return all(float(ev) > 0 for ev in evs)
