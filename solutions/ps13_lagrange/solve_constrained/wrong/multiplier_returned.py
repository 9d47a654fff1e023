# family: return
# line: 10
# about: the multiplier is returned in the place of y
import numpy as np


def solve_constrained(a, b, c):
    kkt = np.array([[2.0 * a, 0, 1], [0, 2.0 * b, 1], [1, 1, 0]])
    x, y, lam = np.linalg.solve(kkt, [0, 0, c])
    return x, lam
