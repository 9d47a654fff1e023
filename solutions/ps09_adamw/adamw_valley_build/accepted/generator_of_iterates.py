import numpy as np


def iterates(grad_f, x, steps, peak_lr, beta1, beta2, eps, wd):
    m, v, p1, p2 = np.zeros(x.shape), np.zeros(x.shape), 1.0, 1.0
    for k in range(steps):
        angle = 0.0 if steps == 1 else np.pi * k / (steps - 1)
        lr = peak_lr * (0.5 + 0.5 * np.cos(angle))
        g = grad_f(x)
        p1, p2 = p1 * beta1, p2 * beta2
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * np.power(g, 2)
        old_x = x.copy()
        x = x - lr * (m / (1 - p1)) / (eps + (v / (1 - p2)) ** 0.5)
        x = x - lr * wd * old_x
        yield x


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    x = x0
    for x in iterates(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
        pass
    return x
