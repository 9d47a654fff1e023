# family: return
# line: 9
# about: returns the position in the grid and not the grid point
import numpy as np


def prox_brute_force(g, v, lam, grid):
    objective = 0.5 * np.square(grid - v) + lam * g(grid)
    return float(np.argmin(objective))
