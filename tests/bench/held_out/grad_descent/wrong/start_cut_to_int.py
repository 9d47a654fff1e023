# family: dtype
# line: 9
# about: the start point is cut down to integers
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    # make sure that x is an array
    x = np.asarray(x0).astype(int)
    for step in range(steps):
        grad = grad_f(x)
        x = x - lr * grad
    return x
