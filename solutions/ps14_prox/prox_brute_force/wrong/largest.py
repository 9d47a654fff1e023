# family: comparison
# line: 11
# about: keeps the worst point because the comparison is the wrong way round
import numpy as np


def prox_brute_force(g, v, lam, grid):
    best, best_cost = grid[0], -np.inf
    for z in grid:
        cost = (z - v) ** 2 / 2 + lam * g(z)
        if cost > best_cost:
            best, best_cost = z, cost
    return best
