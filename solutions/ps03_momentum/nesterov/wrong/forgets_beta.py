# family: velocity
# line: 11
# about: beta is in the look-ahead but missing where the velocity is carried on
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = np.zeros_like(x0)
    for _ in range(steps):
        v = v + grad_f(x - lr * beta * v)
        x = x - lr * v
    return x
