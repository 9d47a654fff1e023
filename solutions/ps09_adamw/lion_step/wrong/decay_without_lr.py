# family: decay
# line: 9
# about: the weights shrink by wd itself, not by lr * wd
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    direction = np.sign(beta1 * m + (1 - beta1) * g)
    shrunk = theta - wd * theta
    return shrunk - lr * direction, beta2 * m + (1 - beta2) * g
