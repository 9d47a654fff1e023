# family: schedule
# line: 10
# about: with one step the progress is 0 / 0
import math

import numpy as np


def cosine(k, steps, peak):
    return peak / 2 * (1 + math.cos(math.pi * k / (steps - 1)))


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x, m, v = x0.copy(), np.zeros_like(x0), np.zeros_like(x0)
    for k in range(steps):
        lr, t, g = cosine(k, steps, peak_lr), k + 1, grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = (1 - lr * wd) * x - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return x
