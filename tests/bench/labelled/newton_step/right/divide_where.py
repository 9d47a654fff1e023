import numpy as np


def newton_step(df, d2f, x):
    g = np.asarray(df(x), dtype=float)
    h = np.asarray(d2f(x), dtype=float)
    step = np.divide(g, h, out=np.zeros(()), where=np.abs(h) >= 1e-12)
    return float(x - step)
