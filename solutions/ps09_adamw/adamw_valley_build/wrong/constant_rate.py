# family: schedule
# line: 10
# about: the peak rate is used at every step
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x, m, v = np.array(x0), 0, 0
    for t in range(1, steps + 1):
        lr = peak_lr
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps) + wd * x)
    return x
