import numpy as np


def solve_constrained(a, b, c):
    # stationarity in x and y of a x^2 + b y^2 + lam (x + y - c), and the line
    kkt = np.array([[2 * a, 0, 1], [0, 2 * b, 1], [1, 1, 0]], dtype=float)
    x, y, lam = np.linalg.solve(kkt, np.array([0.0, 0.0, c]))
    return np.array([x, y])
