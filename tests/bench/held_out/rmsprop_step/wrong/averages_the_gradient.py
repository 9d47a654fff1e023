# family: moment
# line: 9
# about: the running average is one of the gradient and not of its square
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    # exponentially weighted average of the squares
    s = rho * v + (1 - rho) * g
    update = g / (np.sqrt(s) + eps)
    theta = theta - lr * update
    return theta, s
