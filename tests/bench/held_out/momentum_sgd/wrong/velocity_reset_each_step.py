# family: velocity
# line: 10
# about: the velocity is set back to zero at the head of every step
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = np.copy(x0)
    for _ in range(steps):
        v = np.zeros_like(x)
        g = grad_f(x)
        v = beta * v + g
        x = x - lr * v
    return x
