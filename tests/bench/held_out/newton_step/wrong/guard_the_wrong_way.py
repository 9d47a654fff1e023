# family: comparison
# line: 9
# about: the guard is inverted: it stays put where there is curvature
import numpy as np


def newton_step(df, d2f, x):
    hess = d2f(x)
    if np.abs(hess) > 1e-12:
        return x
    return x - df(x) / hess
