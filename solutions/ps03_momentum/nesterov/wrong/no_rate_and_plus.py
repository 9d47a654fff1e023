# family: sign
# line: 11
# about: looks ahead with a plus although the velocity points uphill and holds lr already
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    v = np.zeros_like(x)
    for _ in range(steps):
        g = grad_f(x + beta * v)
        v = beta * v + lr * g
        x = x - v
    return x
