import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = np.array(x0, dtype=float)  # own copy, x0 stays
    k = 0
    while k < steps:
        g = np.asarray(grad_f(x))
        x -= lr * g
        k += 1
    return x
