# family: moment
# line: 9
# about: the new square enters whole, without 1 - rho
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = v * rho
    v = v + np.multiply(g, g)
    update = g / (np.sqrt(v) + eps)
    return theta - lr * update, v
