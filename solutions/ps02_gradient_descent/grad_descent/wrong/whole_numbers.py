# family: dtype
# line: 8
# about: the start is cut off to whole numbers
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = np.array(x0, dtype=int)
    for _ in range(steps):
        x = x - lr * grad_f(x)
    return x
