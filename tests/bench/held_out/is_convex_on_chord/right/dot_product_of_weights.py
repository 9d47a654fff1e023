import numpy as np

TOLERANCE = 1e-12


def is_convex_on_chord(f, x1, x2, lam):
    weights = np.array([lam, 1 - lam])
    points = np.array([x1, x2])
    values = np.array([f(p) for p in points])
    return bool(f(weights @ points) <= weights @ values + TOLERANCE)
