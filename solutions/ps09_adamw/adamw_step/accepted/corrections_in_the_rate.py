import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    first = beta1 * m + (1 - beta1) * g
    second = beta2 * v + (1 - beta2) * np.square(g)
    root = np.sqrt(1 - beta2**t)
    rate = lr * root / (1 - beta1**t)
    moved = theta - rate * first / (np.sqrt(second) + eps * root)
    shrunk = moved - lr * wd * theta
    return shrunk, first, second
