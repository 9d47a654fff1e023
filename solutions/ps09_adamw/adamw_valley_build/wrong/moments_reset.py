# family: moment
# line: 10
# about: the moments start anew at every step
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = x0.copy()
    for k in range(steps):
        m, v = np.zeros_like(x), np.zeros_like(x)
        lr = peak_lr * (1 + np.cos(np.pi * k / max(steps - 1, 1))) / 2
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1 ** (k + 1))
        v_hat = v / (1 - beta2 ** (k + 1))
        x = x - lr * wd * x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return x
