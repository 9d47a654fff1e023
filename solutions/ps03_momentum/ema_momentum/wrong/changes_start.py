# family: mutation
# line: 12
# about: asarray makes no copy, and the subtraction in place changes the array of the caller
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x = np.asarray(x0)
    m = np.zeros(x.shape)
    for _ in range(steps):
        m = beta * m + (1 - beta) * grad_f(x)
        x -= lr * m
    return x
