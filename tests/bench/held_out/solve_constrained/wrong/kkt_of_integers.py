# family: dtype
# line: 14
# about: the matrix of the linear system is cut down to integers
import numpy as np


def solve_constrained(a, b, c):
    A = np.array(
        [
            [2 * a, 0, 1],
            [0, 2 * b, 1],
            [1, 1, 0],
        ],
        dtype=int,
    )
    rhs = np.array([0, 0, c])
    sol = np.linalg.solve(A, rhs)
    return sol[:2]
