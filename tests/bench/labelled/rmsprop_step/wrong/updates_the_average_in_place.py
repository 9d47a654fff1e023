# family: mutation
# line: 8
# about: the caller's v is scaled in place
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v *= rho
    v += (1 - rho) * g**2
    update = lr * g / (np.sqrt(v) + eps)
    return theta - update, v
