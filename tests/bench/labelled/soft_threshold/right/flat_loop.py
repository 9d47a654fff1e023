import numpy as np


def soft_threshold(x, lam):
    n = x.size
    src = x.reshape(n)
    dst = np.zeros(n)
    i = 0
    while i < n:
        if src[i] > lam:
            dst[i] = src[i] - lam
        elif src[i] < -lam:
            dst[i] = src[i] + lam
        i += 1
    return dst.reshape(x.shape)
