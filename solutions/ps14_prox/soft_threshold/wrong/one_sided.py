# family: abs
# line: 10
# about: without the absolute value every negative entry is cut to zero
import numpy as np


def soft_threshold(x, lam):
    """Shrink x by lam."""
    s = np.sign(x)
    return s * np.maximum(x - lam, 0)
