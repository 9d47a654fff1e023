import numpy as np


def valley(w, h):
    g = w.copy()
    g *= h
    total = sum(0.5 * a * b for a, b in zip(g, w))
    return np.float64(total), g
