import numpy as np


def is_convex_on_chord(f, x1, x2, lam):
    w = np.array([lam, 1 - lam])
    x = np.array([x1, x2])
    y = np.array([f(x1), f(x2)])
    return f(np.dot(w, x)) <= np.dot(w, y) + 1e-12
