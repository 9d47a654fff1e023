import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = m * beta1 + g * (1 - beta1)
    v = v * beta2 + g**2 * (1 - beta2)
    adam = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - lr * (adam + wd * theta), m, v
