# family: step-count
# line: 17
# about: the return stands in the loop and ends it after one step
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = x0 * 1.0
    m, v = np.zeros_like(x), np.zeros_like(x)
    for k in range(steps):
        lr = peak_lr * (1 + np.cos(np.pi * k / max(steps - 1, 1))) / 2
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        a = m / (1 - beta1 ** (k + 1)) / (np.sqrt(v / (1 - beta2 ** (k + 1))) + eps)
        x = x - lr * (a + wd * x)
        return x
