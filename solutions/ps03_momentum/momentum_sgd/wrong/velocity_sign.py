# family: sign
# line: 11
# about: the gradient enters the velocity with a minus, but the update subtracts the velocity
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    v = np.zeros_like(x)
    for _ in range(steps):
        v = beta * v - grad_f(x)
        x = x - lr * v
    return x
