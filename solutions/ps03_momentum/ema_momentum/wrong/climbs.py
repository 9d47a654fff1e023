# family: sign
# line: 12
# about: adds the average of the slopes, so the run goes uphill
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    m = np.zeros_like(x)
    for _ in range(steps):
        m = beta * m + (1 - beta) * grad_f(x)
        x = x + lr * m
    return x
