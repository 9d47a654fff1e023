# family: mutation
# line: 11
# about: the caller's array is shrunk itself
import numpy as np


def soft_threshold(x, lam):
    if x.dtype.kind == "i":
        x = x.astype(float)
    moved = np.clip(x, -lam, lam)
    x -= moved
    return x
