# family: moment
# line: 8
# about: the mean over all coordinates takes the place of each one's own square
import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    mean_square = np.mean(g**2)
    v = rho * v + (1 - rho) * mean_square
    theta = theta - lr * g / (np.sqrt(v) + eps)
    return theta, v
