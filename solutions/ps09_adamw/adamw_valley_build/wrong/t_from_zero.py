# family: bias-correction
# line: 14
# about: the exponent is 0 at the first step, so it divides by zero
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x, m, v = np.array(x0), np.zeros(len(x0)), np.zeros(len(x0))
    for t in range(steps):
        lr = peak_lr * (1 + np.cos(np.pi * t / max(1, steps - 1))) / 2
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        x = x - lr * (m_hat / (np.sqrt(v_hat) + eps) + wd * x)
    return x
