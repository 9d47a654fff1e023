# family: decay
# line: 11
# about: the decay is added to the gradient
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x, m, v = np.array(x0), np.zeros_like(x0), np.zeros_like(x0)
    for k in range(steps):
        lr = peak_lr * (1 + np.cos(np.pi * k / max(steps - 1, 1))) / 2
        g = grad_f(x) + wd * x
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1 ** (k + 1))
        v_hat = v / (1 - beta2 ** (k + 1))
        x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return x
