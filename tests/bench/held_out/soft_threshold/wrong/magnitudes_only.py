# family: abs
# line: 10
# about: the sign of x is lost, so negative entries come back positive
import numpy as np

prox_l1 = lambda u, t: np.maximum(np.fabs(u) - t, 0.0)


def soft_threshold(x, lam):
    return prox_l1(x, lam)
