# family: comparison
# line: 8
# about: no entry is above lam and below minus lam at once, so all become zero
import numpy as np


def soft_threshold(x, lam):
    keep = (x > lam) & (x < -lam)
    return np.where(keep, x - lam * np.sign(x), 0.0)
