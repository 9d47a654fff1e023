# family: mutation
# line: 13
# about: x is the caller's array, and the update writes into it
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = np.asarray(x0, dtype=float)
    v = np.zeros_like(x)
    for _ in range(steps):
        g = grad_f(x - lr * beta * v)
        v = beta * v + g
        x -= lr * v
    return x
