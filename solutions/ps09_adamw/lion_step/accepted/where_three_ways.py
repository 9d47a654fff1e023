import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    c = beta1 * m + (1 - beta1) * g
    step = np.where(c > 0, lr, np.where(c < 0, -lr, 0.0))
    return (1 - lr * wd) * theta - step, beta2 * m + (1 - beta2) * g
