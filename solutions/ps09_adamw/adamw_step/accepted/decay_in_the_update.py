import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    correction1 = 1 - beta1**t
    correction2 = 1 - beta2**t
    denominator = np.sqrt(v / correction2) + eps
    update = m / correction1 / denominator + wd * theta
    return theta - lr * update, m, v
