import numpy as np


def valley(w, h):
    H = np.diag(h)
    return 0.5 * w @ H @ w, H @ w
