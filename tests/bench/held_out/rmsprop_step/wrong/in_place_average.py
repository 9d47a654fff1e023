# family: mutation
# line: 8
# about: the caller's v is multiplied in place
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v *= rho
    v = v + (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(v) + eps), v
