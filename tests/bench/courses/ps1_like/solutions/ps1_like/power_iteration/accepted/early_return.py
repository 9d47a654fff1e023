import numpy as np


def power_iteration(A, v0, steps):
    v = np.array(v0, dtype=float)
    v /= np.sqrt(v @ v)
    while steps > 0:
        product = A.dot(v)
        size = np.sqrt(product.dot(product))
        if size == 0:
            return 0.0, v
        v = product / size
        steps -= 1
    return float(v.dot(A.dot(v))), v
