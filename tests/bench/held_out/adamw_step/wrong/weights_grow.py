# family: sign
# line: 8
# about: the decay has the wrong sign, so the weights grow
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    theta = theta * (1 + lr * wd)
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * g * g
    alpha_t = m / (1.0 - beta1**t)
    theta = theta - lr * alpha_t / (np.sqrt(v / (1.0 - beta2**t)) + eps)
    return theta, m, v
