# family: algebra
# line: 9
# about: the one half before the square is missing, so v pulls twice as hard
import numpy as np


def prox_brute_force(g, v, lam, grid):
    z = np.asarray(grid)
    objective = (z - v) ** 2 + lam * g(z)
    return z[np.argmin(objective)]
