# family: algebra
# line: 8
# about: shrinks by lam / 2, as for a loss without the factor one half
import numpy as np


def soft_threshold(x, lam):
    threshold = lam / 2
    shrunk = np.maximum(np.absolute(x) - threshold, 0)
    return np.copysign(shrunk, x)
