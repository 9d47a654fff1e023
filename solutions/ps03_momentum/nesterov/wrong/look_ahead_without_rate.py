# family: look-ahead
# line: 10
# about: the look-ahead is not scaled by lr and overshoots
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x, v = x0, np.zeros_like(x0)
    for _ in range(steps):
        ahead = x - beta * v
        v = beta * v + grad_f(ahead)
        x = x - lr * v
    return x
