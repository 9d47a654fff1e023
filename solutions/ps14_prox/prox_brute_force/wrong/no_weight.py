# family: algebra
# line: 9
# about: the weight lam is not used at all
import numpy as np


def prox_brute_force(g, v, lam, grid):
    pull = 0.5 * (grid - v) ** 2
    return grid[np.argmin(pull + g(grid))]
