# family: comparison
# line: 9
# about: a zero direction counts as positive
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    c = beta1 * m + (1 - beta1) * g
    signs = np.where(c >= 0, 1.0, -1.0)
    theta = theta - lr * wd * theta - lr * signs
    m = beta2 * m + (1 - beta2) * g
    return theta, m
