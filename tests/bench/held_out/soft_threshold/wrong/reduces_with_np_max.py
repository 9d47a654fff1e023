# family: clamp
# line: 11
# about: np.max reduces along an axis; the elementwise form is np.maximum
import numpy as np


def soft_threshold(x, lam):
    """S(x, lam) = sign(x) * max(|x| - lam, 0)"""
    signs = np.sign(x)
    magnitude = np.abs(x) - lam
    return signs * np.max(magnitude, 0)
