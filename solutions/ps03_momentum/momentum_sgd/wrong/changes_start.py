# family: mutation
# line: 12
# about: x is the caller's array, and the update writes into it
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = np.asarray(x0)
    v = np.zeros(x.shape)
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x -= lr * v
    return x
