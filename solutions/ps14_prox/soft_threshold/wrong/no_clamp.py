# family: clamp
# line: 9
# about: small entries come out with the wrong sign because nothing stops at zero
import numpy as np


def soft_threshold(x, lam):
    size = np.abs(x)
    return np.sign(x) * (size - lam)
