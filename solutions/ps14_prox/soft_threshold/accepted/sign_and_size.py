import numpy as np


def soft_threshold(x, lam):
    """Shrink every entry of x towards zero by lam."""
    x = np.asarray(x, dtype=float)
    sign = np.where(x < 0, -1.0, 1.0)
    size = np.abs(x)
    shrunk = np.maximum(size - lam, 0.0)
    return sign * shrunk
