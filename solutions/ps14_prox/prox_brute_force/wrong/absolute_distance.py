# family: norm
# line: 8
# about: the distance to v is not squared
import numpy as np


def prox_brute_force(g, v, lam, grid):
    objective = 0.5 * np.abs(grid - v) + lam * g(grid)
    return grid[np.argmin(objective)]
