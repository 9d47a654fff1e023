# family: mutation
# line: 8
# about: the caller's m is overwritten by the in-place sum
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m *= beta1
    m += (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta - lr * (step + wd * theta), m, v
