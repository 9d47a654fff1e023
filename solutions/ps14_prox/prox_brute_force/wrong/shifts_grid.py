# family: mutation
# line: 9
# about: subtracts v from the caller's grid in place
import numpy as np


def prox_brute_force(g, v, lam, grid):
    penalty = lam * g(grid)
    grid -= v
    best = np.argmin(0.5 * grid**2 + penalty)
    return grid[best] + v
