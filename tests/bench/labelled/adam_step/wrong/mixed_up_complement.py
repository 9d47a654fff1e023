# family: moment
# line: 10
# about: the square of the gradient is weighted with 1 - beta1
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    w = 1 - beta1
    m = beta1 * m + w * g
    v = beta2 * v + w * g**2
    step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - lr * step, m, v
