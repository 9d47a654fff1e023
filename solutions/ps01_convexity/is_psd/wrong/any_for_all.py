# family: comparison
# line: 8
# about: one eigenvalue that is not negative is enough for any(); every one has to be
import numpy as np


def is_psd(A):
    return any(value >= -1e-10 for value in np.linalg.eigvalsh(A))
