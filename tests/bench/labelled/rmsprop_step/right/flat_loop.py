import math

import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    new_theta = theta.copy()
    new_v = v.copy()
    t, s, d = new_theta.reshape(-1), new_v.reshape(-1), g.reshape(-1)
    for i in range(d.size):
        s[i] = rho * s[i] + (1.0 - rho) * d[i] * d[i]
        t[i] -= lr * d[i] / (math.sqrt(s[i]) + eps)
    return new_theta, new_v
