# family: clamp
# line: 11
# about: keeps the iterates from becoming negative, which nobody asked for
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        moved = x - lr * grad_f(x)
        x = np.maximum(moved, 0.0)
    return x
