# family: decay
# line: 17
# about: the decay reads the weight that the Adam step has already moved
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = x0.copy()
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    for k in range(steps):
        lr = peak_lr * 0.5 * (1 + np.cos(np.pi * k / max(1, steps - 1)))
        g = grad_f(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1 ** (k + 1))) / (np.sqrt(v / (1 - beta2 ** (k + 1))) + eps)
        x = x - lr * wd * x
    return x
