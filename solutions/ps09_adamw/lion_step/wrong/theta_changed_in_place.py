# family: mutation
# line: 9
# about: the caller's theta is changed
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    update = np.sign(beta1 * m + (1 - beta1) * g)
    theta -= lr * (update + wd * theta)
    m = beta2 * m + (1 - beta2) * g
    return theta, m
