import math

import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    new_theta = np.empty_like(theta)
    new_v = np.empty_like(v)
    for i in np.ndindex(theta.shape):
        new_v[i] = rho * v[i] + (1 - rho) * g[i] ** 2
        new_theta[i] = theta[i] - lr * g[i] / (math.sqrt(new_v[i]) + eps)
    return new_theta, new_v
