# family: sign
# line: 13
# about: the multiplier has a different sign in the second equation
import numpy as np


def solve_constrained(a, b, c):
    M = np.zeros((3, 3))
    r = np.zeros(3)
    M[0, 0] = 2 * a
    M[0, 2] = -1
    M[1, 1] = 2 * b
    M[1, 2] = 1
    M[2, 0] = 1
    M[2, 1] = 1
    r[2] = c
    s = np.linalg.solve(M, r)
    return [s[0], s[1]]
