import numpy as np


def solve_constrained(a, b, c):
    p = np.array([c, 0.0])
    d = np.array([1.0, -1.0])  # stays on x + y = c
    H = np.diag([2.0 * a, 2.0 * b])
    p = p - d * (d @ H @ p) / (d @ H @ d)
    return p.tolist()
