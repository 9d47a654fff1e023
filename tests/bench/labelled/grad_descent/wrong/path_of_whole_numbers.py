# family: dtype
# line: 9
# about: the iterates are stored in an array of whole numbers and lose their decimals
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    shape = np.shape(x0)
    path = np.zeros((steps + 1,) + shape, dtype=int)
    path[0] = x0
    for i in range(steps):
        path[i + 1] = path[i] - lr * grad_f(path[i])
    return path[steps]
