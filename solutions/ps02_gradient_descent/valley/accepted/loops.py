import numpy as np


def valley(w, h):
    loss = 0.0
    grad = np.empty(len(w))
    for i, (wi, hi) in enumerate(zip(w, h)):
        loss += hi * wi * wi / 2
        grad[i] = hi * wi
    return loss, grad
