import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    weights = np.array([lam, 1 - lam])
    points = np.array([x1, x2])
    values = np.array([f(x1), f(x2)])
    left = f(weights @ points)
    right = weights @ values
    return not (left - right > 1e-12)
