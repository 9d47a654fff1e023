# family: algebra
# line: 13
# about: the threshold of 1/2 (z - x)^2 + lam |z| is lam itself, not lam / 2
import numpy as np


def prox_l1(v, t):
    return np.sign(v) * np.maximum(np.abs(v) - t, 0.0)


def soft_threshold(x, lam):
    # 2 (z - x) + lam sign(z) = 0
    return prox_l1(x, lam / 2)
