import numpy as np


def newton_step(df, d2f, x):
    H = np.array([[d2f(x)]], dtype=float)
    g = np.array([df(x)], dtype=float)
    if abs(H[0, 0]) < 1e-12:
        return x
    p = np.linalg.solve(H, -g)
    return float(x + p[0])
