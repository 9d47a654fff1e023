# family: sign
# line: 12
# about: entries below -lam are pushed further down instead of up
import numpy as np


def soft_threshold(x, lam):
    out = np.zeros(np.shape(x))
    above = x > lam
    below = x < -lam
    out[above] = x[above] - lam
    out[below] = x[below] - lam
    return out
