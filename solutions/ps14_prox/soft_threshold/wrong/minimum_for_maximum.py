# family: clamp
# line: 9
# about: keeps the entries below the threshold instead of those above it
import numpy as np


def soft_threshold(x, lam):
    t = np.abs(x) - lam
    t = np.minimum(t, 0)
    return np.sign(x) * t
