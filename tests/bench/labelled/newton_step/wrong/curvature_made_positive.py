# family: abs
# line: 8
# about: negative curvature loses its sign
import numpy as np


def newton_step(df, d2f, x):
    curvature = np.abs(d2f(x))
    if curvature < 1e-12:
        return x
    return x - df(x) / curvature
