import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = np.array(x0, dtype=float)
    for i in range(steps):
        gradient = np.asarray(grad_f(x))
        x -= lr * gradient
    return x
