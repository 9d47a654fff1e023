import math

import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    new_theta = np.empty(theta.shape)
    new_v = np.empty(v.shape)
    for i, gi in np.ndenumerate(g):
        new_v[i] = rho * v[i] + (1.0 - rho) * gi**2
        adapted = lr / (math.sqrt(new_v[i]) + eps)
        new_theta[i] = theta[i] - adapted * gi
    return new_theta, new_v
