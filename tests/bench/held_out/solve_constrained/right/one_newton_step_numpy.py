import numpy as np


def solve_constrained(a, b, c):
    start = np.array([float(c), 0.0])
    direction = np.array([-1.0, 1.0])
    hess = 2 * np.diag([a, b]).astype(float)
    slope = direction @ (hess @ start)
    curvature = direction @ hess @ direction
    best = start - slope / curvature * direction
    return best.tolist()
