import numpy as np


def newton_step(df, d2f, x):
    hessian = np.array([[d2f(x)]], dtype=float)
    if np.max(np.abs(hessian)) < 1e-12:
        return float(x)
    p = np.linalg.solve(hessian, np.array([-df(x)]))
    return (x + p)[0]
