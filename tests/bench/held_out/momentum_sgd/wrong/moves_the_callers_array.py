# family: mutation
# line: 11
# about: the start array of the caller is moved in place
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    v = np.zeros_like(x0)
    for _ in range(steps):
        v = beta * v + grad_f(x0)
        x0 -= lr * v
    return x0
