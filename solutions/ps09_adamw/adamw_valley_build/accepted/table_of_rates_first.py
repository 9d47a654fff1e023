import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    progress = np.linspace(0.0, 1.0, steps)
    rates = peak_lr * np.cos(np.pi * progress / 2) ** 2
    x, m, v = x0.copy(), 0.0, 0.0
    for t, lr in enumerate(rates, start=1):
        g = grad_f(x)
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        adam = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        x = x * (1 - lr * wd) - lr * adam
    return x
