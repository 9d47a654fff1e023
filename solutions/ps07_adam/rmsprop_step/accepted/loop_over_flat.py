import math

import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    new_theta = theta.copy().ravel()
    new_v = v.copy().ravel()
    for i, gi in enumerate(g.ravel()):
        new_v[i] += (1 - rho) * (gi * gi - new_v[i])
        new_theta[i] -= lr * gi / (math.sqrt(new_v[i]) + eps)
    return new_theta.reshape(np.shape(theta)), new_v.reshape(np.shape(v))
