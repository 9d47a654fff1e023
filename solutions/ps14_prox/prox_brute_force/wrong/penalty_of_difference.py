# family: algebra
# line: 9
# about: the penalty is taken of z - v, so the answer is always the grid point nearest v
import numpy as np


def prox_brute_force(g, v, lam, grid):
    d = grid - v
    return grid[np.argmin(0.5 * d**2 + lam * g(d))]
