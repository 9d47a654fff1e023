import math

import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    new_theta, new_m, new_v = np.empty_like(theta), np.empty_like(m), np.empty_like(v)
    c1 = 1.0 - math.pow(beta1, t)
    c2 = 1.0 - math.pow(beta2, t)
    for i in np.ndindex(theta.shape):
        new_m[i] = beta1 * m[i] + (1.0 - beta1) * g[i]
        new_v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i]
        step = (new_m[i] / c1) / (math.sqrt(new_v[i] / c2) + eps)
        new_theta[i] = theta[i] - lr * (step + wd * theta[i])
    return new_theta, new_m, new_v
