# family: algebra
# line: 11
# about: the derivative of b y^2 is 2 b y and not b y
import numpy as np


def solve_constrained(a, b, c):
    # df/dx = 2ax = lam, df/dy = 2by = lam
    M = np.zeros((3, 3))
    M[0, 0] = 2 * a
    M[1, 1] = b
    M[0, 2] = M[1, 2] = -1
    M[2, :2] = 1
    z = np.linalg.solve(M, [0, 0, c])
    return list(z[:2])
