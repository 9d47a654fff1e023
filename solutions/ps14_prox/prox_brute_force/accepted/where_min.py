import numpy as np


def prox_brute_force(g, v, lam, grid):
    quadratic = np.power(np.subtract(grid, v), 2) * 0.5
    penalty = np.multiply(lam, g(grid))
    total = np.add(quadratic, penalty)
    hits = grid[total == total.min()]
    return hits[0]
