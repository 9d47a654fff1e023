# family: algebra
# line: 9
# about: solves for x + y = 1
import numpy as np


def solve_constrained(a, b, c):
    matrix = np.array([[a, -b], [1.0, 1.0]])
    x, y = np.linalg.solve(matrix, [0.0, 1.0])
    return [x, y]
