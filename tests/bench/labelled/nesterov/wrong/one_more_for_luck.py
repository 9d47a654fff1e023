# family: step-count
# line: 10
# about: the loop makes one step too many
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = np.asarray(x0, dtype=float)
    v = np.zeros_like(x)
    for k in np.arange(0, steps + 1):
        ahead = x - lr * beta * v
        v = beta * v + grad_f(ahead)
        x = x - lr * v
    return x
