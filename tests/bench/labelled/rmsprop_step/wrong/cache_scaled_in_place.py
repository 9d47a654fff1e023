# family: mutation
# line: 8
# about: the caller's average is changed in place
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    v *= rho
    v = v + (1 - rho) * np.square(g)
    adapted = g / (np.sqrt(v) + eps)
    return theta - lr * adapted, v
