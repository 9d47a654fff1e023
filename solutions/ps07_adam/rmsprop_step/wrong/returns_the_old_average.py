# family: return
# line: 10
# about: the new average is kept to itself and the old one returned
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    vt = rho * v + (1 - rho) * g**2
    new_theta = theta - lr * g / (np.sqrt(vt) + eps)
    return new_theta, v
