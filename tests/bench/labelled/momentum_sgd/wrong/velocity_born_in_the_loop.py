# family: velocity
# line: 10
# about: the velocity is set to zero in every step, so nothing is remembered
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    for i in range(steps):
        v = np.zeros_like(x0)
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
