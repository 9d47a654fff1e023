import numpy as np


def one(x, g, m, v, t, lr, b1, b2, eps):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g * g
    mc, vc = m / (1 - b1**t), v / (1 - b2**t)
    return x - lr * mc / (vc**0.5 + eps), m, v


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    rows = [
        one(*numbers, t, lr, beta1, beta2, eps)
        for numbers in zip(theta.ravel(), g.ravel(), m.ravel(), v.ravel())
    ]
    return [np.array(column).reshape(theta.shape) for column in zip(*rows)]
