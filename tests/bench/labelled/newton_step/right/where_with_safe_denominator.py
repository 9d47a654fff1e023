import numpy as np


def newton_step(df, d2f, x):
    curvature = d2f(x)
    is_flat = np.abs(curvature) < 1e-12
    safe = np.where(is_flat, 1.0, curvature)
    step = np.where(is_flat, 0.0, df(x) / safe)
    return float(x - step)
