# family: sign
# line: 10
# about: the step is added
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    s = rho * v + (1 - rho) * g**2
    step = lr * g / (np.sqrt(s) + eps)
    theta = theta + step
    return theta, s
