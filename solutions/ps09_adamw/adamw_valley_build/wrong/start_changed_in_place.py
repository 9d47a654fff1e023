# family: mutation
# line: 8
# about: x is another name for the caller's x0, which the loop changes
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = x0
    m = np.zeros(x.shape)
    v = np.zeros(x.shape)
    for k in range(steps):
        lr = peak_lr * (1 + np.cos(np.pi * k / max(steps - 1, 1))) / 2
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        step = m / (1 - beta1 ** (k + 1)) / (np.sqrt(v / (1 - beta2 ** (k + 1))) + eps)
        x *= 1 - lr * wd
        x -= lr * step
    return x
