# family: clamp
# line: 8
# about: np.max reduces over the whole array where the elementwise np.maximum is meant
import numpy as np


def soft_threshold(x, lam):
    shrunk = np.max(np.abs(x) - lam, initial=0.0)
    return np.sign(x) * shrunk
