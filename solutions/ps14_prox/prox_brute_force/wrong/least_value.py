# family: return
# line: 11
# about: returns the least cost (the Moreau envelope) and not the point where it is reached
import numpy as np


def prox_brute_force(g, v, lam, grid):
    costs = []
    for z in grid:
        costs.append(0.5 * (z - v) ** 2 + lam * g(z))
    return np.min(costs)
