# family: velocity
# line: 14
# about: the gradient enters the velocity with one minus beta, as in a moving average
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    v = np.zeros(np.shape(x0))
    x = x0
    i = 0
    while i != steps:
        xa = x - lr * beta * v
        g = grad_f(xa)
        v = beta * v + (1.0 - beta) * g
        x = x - lr * v
        i += 1
    return x
