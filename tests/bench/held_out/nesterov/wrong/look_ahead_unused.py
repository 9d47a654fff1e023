# family: look-ahead
# line: 12
# about: the gradient is taken at the current point, although the look-ahead is computed
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    v = np.zeros_like(x)
    for _ in range(steps):
        x_ahead = x - lr * beta * v
        g = grad_f(x)
        v = beta * v + g
        x = x - lr * v
    return x
