import math

import numpy as np


def sign(x):
    return 0.0 if x == 0 else math.copysign(1.0, x)


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    out, momentum = theta.copy(), m.copy()
    for i in np.ndindex(*theta.shape):
        direction = sign(beta1 * m[i] + (1 - beta1) * g[i])
        out[i] -= lr * direction + lr * wd * theta[i]
        momentum[i] = beta2 * momentum[i] + (1 - beta2) * g[i]
    return out, momentum
