import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    v = np.zeros_like(x)
    for _ in range(steps):
        v = beta * v - lr * grad_f(x)
        x = x + v
    return x
