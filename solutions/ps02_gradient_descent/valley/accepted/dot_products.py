import numpy as np


def valley(w, h):
    grad = h * w
    return float(np.dot(w, grad)) / 2, grad
