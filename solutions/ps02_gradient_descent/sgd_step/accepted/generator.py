import numpy as np


def _moved(params, grads, lr):
    for p, g in zip(params, grads):
        step = np.zeros_like(p) if g is None else np.multiply(lr, g)
        yield np.subtract(p, step)


def sgd_step(params, grads, lr):
    return list(_moved(params, grads, lr))
