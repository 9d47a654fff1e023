# family: schedule
# line: 13
# about: the cosine is stretched over steps instead of steps - 1, so it ends above zero
import math

import torch


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    w = torch.tensor(x0)
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for t in range(steps):
        lr = peak_lr * 0.5 * (1 + math.cos(math.pi * t / steps))
        g = torch.tensor(grad_f(w.numpy()))
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        update = m / (1 - beta1 ** (t + 1)) / ((v / (1 - beta2 ** (t + 1))).sqrt() + eps)
        w = w * (1 - lr * wd) - lr * update
    return w.numpy()
