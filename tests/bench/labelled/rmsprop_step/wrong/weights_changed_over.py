# family: moment
# line: 8
# about: rho and 1 - rho have changed places
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    keep, new = 1 - rho, rho
    v = keep * v + new * g**2
    return theta - lr * g / (np.sqrt(v) + eps), v
