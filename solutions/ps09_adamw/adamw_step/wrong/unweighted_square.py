# family: moment
# line: 9
# about: the new square enters the second moment with weight one
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    first = beta1 * m + (1 - beta1) * g
    second = beta2 * v + g**2
    first_hat = first / (1 - beta1**t)
    second_hat = second / (1 - beta2**t)
    theta = theta - lr * (first_hat / (np.sqrt(second_hat) + eps) + wd * theta)
    return theta, first, second
