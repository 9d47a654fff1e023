import numpy as np


def sgd_step(params, grads, lr):
    updated = [np.copy(p) for p in params]
    for p, g in zip(updated, grads):
        if g is not None:
            p -= lr * g
    return updated
