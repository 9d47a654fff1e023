# family: sign
# line: 14
# about: negative entries lose lam once more, where lam must be added
import numpy as np


def soft_threshold(x, lam):
    flat = np.ravel(x)
    out = []
    for xi in flat:
        if xi > lam:
            out.append(xi - lam)
        elif xi < -lam:
            out.append(xi - lam)
        else:
            out.append(0.0)
    return np.array(out, dtype=float).reshape(np.shape(x))
