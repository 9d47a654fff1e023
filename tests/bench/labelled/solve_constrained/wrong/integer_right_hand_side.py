# family: dtype
# line: 8
# about: the right-hand side is an integer array, which cuts c off
import numpy as np


def solve_constrained(a, b, c):
    rhs = np.zeros(3, dtype=int)
    rhs[-1] = c
    lhs = np.array([[2 * a, 0, -1], [0, 2 * b, -1], [1, 1, 0]])
    solution = np.linalg.solve(lhs, rhs)
    return solution[0], solution[1]
