# family: mutation
# line: 8
# about: the in-place update changes the caller's v
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v *= rho
    v += (1 - rho) * g**2
    return theta - lr * g / (np.sqrt(v) + eps), v
