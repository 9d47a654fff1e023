# family: algebra
# line: 11
# about: the weight multiplies the distance to v when it should multiply the penalty
import numpy as np


def prox_brute_force(g, v, lam, grid):
    best, best_cost = grid[0], np.inf
    for z in grid:
        distance = 0.5 * (z - v) ** 2
        cost = lam * distance + g(z)
        if cost < best_cost:
            best, best_cost = z, cost
    return best
