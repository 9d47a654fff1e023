# family: clamp
# line: 8
# about: the clip starts at zero, so negative entries are not shrunk
import numpy as np


def soft_threshold(x, lam):
    to_remove = np.clip(x, 0.0, lam)
    return x - to_remove
