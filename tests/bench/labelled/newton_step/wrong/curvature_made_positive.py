# family: abs
# line: 11
# about: negative curvature loses its sign
import numpy as np


def newton_step(df, d2f, x):
    curvature = d2f(x)
    if np.abs(curvature) < 1e-12:
        return x
    return x - df(x) / np.abs(curvature)
