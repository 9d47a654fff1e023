# family: norm
# line: 8
# about: shrinks the vector by its norm and not each entry by its size
import numpy as np


def soft_threshold(x, lam):
    size = np.linalg.norm(x)
    factor = np.maximum(size - lam, 0.0) / np.maximum(size, 1e-300)
    return factor * x
