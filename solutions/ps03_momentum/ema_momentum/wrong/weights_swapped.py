# family: moment
# line: 10
# about: the old average weighs 1 - beta and the new gradient beta, the wrong way round
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, np.zeros_like(x0)
    for _ in range(steps):
        m = (1 - beta) * m + beta * grad_f(x)
        x = x - lr * m
    return x
