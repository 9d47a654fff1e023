import numpy as np


def solve_constrained(a, b, c):
    K = np.array([[2 * a, 0, 1], [0, 2 * b, 1], [1, 1, 0]], dtype=float)
    rhs = np.array([0, 0, c], dtype=float)
    return np.linalg.solve(K, rhs)[:2]
