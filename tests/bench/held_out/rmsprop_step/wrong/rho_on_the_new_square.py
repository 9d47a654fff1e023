# family: moment
# line: 8
# about: rho weighs the new square and 1 - rho the old average
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v = (1 - rho) * v + rho * np.power(g, 2)
    rms = np.sqrt(v)
    theta = theta - (lr / (rms + eps)) * g
    return theta, v
