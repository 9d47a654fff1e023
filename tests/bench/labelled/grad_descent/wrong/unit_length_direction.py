# family: norm
# line: 11
# about: the gradient is scaled to length one, so its size no longer counts
import numpy as np


def direction(g):
    n = np.sqrt(np.sum(np.square(g)))
    if n == 0:
        return g
    return g / n


def grad_descent(grad_f, x0, lr, steps):
    w = x0
    for _ in range(steps):
        w = w - lr * direction(grad_f(w))
    return w
