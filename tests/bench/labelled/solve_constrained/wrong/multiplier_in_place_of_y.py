# family: return
# line: 12
# about: the multiplier is returned where y belongs
import numpy as np


def solve_constrained(a, b, c):
    # unknowns: x, y and the Lagrange multiplier
    matrix = np.array([[2 * a, 0, -1], [0, 2 * b, -1], [1, 1, 0]])
    vector = np.array([0, 0, c])
    x, y, multiplier = np.linalg.solve(matrix, vector)
    return [x, multiplier]
