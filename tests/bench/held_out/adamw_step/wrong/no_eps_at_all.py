# family: eps
# line: 12
# about: nothing keeps the denominator away from zero
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    mc, vc = m / (1 - beta1**t), v / (1 - beta2**t)
    decay = lr * wd * theta
    step = lr * mc / np.sqrt(vc)
    return theta - step - decay, m, v
