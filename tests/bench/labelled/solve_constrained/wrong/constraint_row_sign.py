# family: sign
# line: 11
# about: the constraint's row says x - y = c
import numpy as np


def solve_constrained(a, b, c):
    A = np.array([
        [2 * a, 0.0, 1.0],
        [0.0, 2 * b, 1.0],
        [1.0, -1.0, 0.0],
    ])
    x, y, lam = np.linalg.solve(A, np.array([0.0, 0.0, c]))
    return [x, y]
