import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    weights = np.array([lam, 1 - lam])
    ends = np.array([x1, x2])
    values = np.array([f(p) for p in ends])
    return not (f(weights @ ends) > weights @ values + 1e-12)
