# family: sign
# line: 9
# about: the signs are added
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    u = np.sign(beta1 * m + (1 - beta1) * g)
    theta = (1 - lr * wd) * theta + lr * u
    m = beta2 * m + (1 - beta2) * g
    return theta, m
