# family: algebra
# line: 10
# about: one average for all coordinates, where each needs its own
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for _ in range(steps):
        m = beta * m + (1 - beta) * np.mean(grad_f(x))
        x = x - lr * m
    return x
