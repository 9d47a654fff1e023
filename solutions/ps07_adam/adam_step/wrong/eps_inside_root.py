# family: eps
# line: 15
# about: eps is added under the root
import math

import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    new = np.zeros_like(theta)
    for index in np.ndindex(theta.shape):
        v_hat = v[index] / (1 - beta2**t)
        root = math.sqrt(v_hat + eps)
        new[index] = theta[index] - lr * m[index] / (1 - beta1**t) / root
    return new, m, v
