# family: moment
# line: 8
# about: squares are summed for ever instead of averaged
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = v + g**2
    theta = theta - lr * g / (np.sqrt(v) + eps)
    return theta, v
