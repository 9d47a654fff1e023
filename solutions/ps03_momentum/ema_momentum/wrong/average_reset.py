# family: velocity
# line: 10
# about: the average starts from zero in every step, so only the newest gradient is left
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    for _ in range(steps):
        m = np.zeros_like(x0)
        m = beta * m + (1 - beta) * grad_f(x)
        x = x - lr * m
    return x
