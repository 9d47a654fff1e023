# family: return
# line: 10
# about: the multiplier is returned beside x and y
import numpy as np


def solve_constrained(a, b, c):
    kkt = np.array([[2.0 * a, 0.0, -1.0], [0.0, 2.0 * b, -1.0], [1.0, 1.0, 0.0]])
    solution = np.linalg.solve(kkt, np.array([0.0, 0.0, c]))
    return solution.tolist()
