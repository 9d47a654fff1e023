# family: decay
# line: 15
# about: old_w is the same array as w, not a copy, so the decay reads the new weight
import numpy as np


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    w = np.array(x0, dtype=float)
    m, v = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, steps + 1):
        g = grad_f(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        lr = 0.5 * peak_lr * (1 + np.cos(np.pi * (t - 1) / max(steps - 1, 1)))
        old_w = w
        w -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        w -= lr * wd * old_w
    return w
