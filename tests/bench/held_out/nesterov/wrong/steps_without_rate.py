# family: learning-rate
# line: 13
# about: the last update takes off the velocity without the learning rate
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = np.zeros_like(x0, dtype=float)
    for t in range(steps):
        look = x - lr * beta * v
        v = beta * v + grad_f(look)
        x = x - v
    return x
