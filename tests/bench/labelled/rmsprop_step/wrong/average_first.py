# family: return
# line: 11
# about: v and theta come back in the wrong order
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    g2 = g**2
    v = rho * v + (1 - rho) * g2
    theta = theta - lr * g / (np.sqrt(v) + eps)
    return v, theta
