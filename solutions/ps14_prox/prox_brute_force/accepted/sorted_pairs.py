import numpy as np


def prox_brute_force(g, v, lam, grid):
    values = np.array([0.5 * np.square(v - z) + lam * g(z) for z in grid])
    order = np.argsort(values)
    return np.take(grid, order)[0]
