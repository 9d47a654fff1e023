# family: sign
# line: 14
# about: on the negative side lam has to be added
import numpy as np


def soft_threshold(x, lam):
    y = np.empty(np.shape(x), dtype=float)
    for idx in np.ndindex(*np.shape(x)):
        e = x[idx]
        if e > lam:
            y[idx] = e - lam
        elif e < -lam:
            y[idx] = e - lam
        else:
            y[idx] = 0.0
    return y
