import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = np.array(x0, dtype=float)
    for _step in range(steps):
        x -= lr * np.asarray(grad_f(x))
    return x
