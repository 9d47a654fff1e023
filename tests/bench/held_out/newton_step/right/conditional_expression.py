import numpy as np


def newton_step(df, d2f, x):
    h = d2f(x)
    return x - df(x) / h if np.abs(h) >= 1e-12 else x
