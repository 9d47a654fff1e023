import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = np.zeros_like(x0, dtype=float)
    for _ in range(steps):
        v = beta * v - lr * grad_f(x + beta * v)
        x = x + v
    return x
