# family: algebra
# line: 12
# about: one number is the velocity of all coordinates, each needs its own
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        g = grad_f(x)
        v = beta * v + np.sum(g)
        x = x - lr * v
    return x
