# family: step-count
# line: 11
# about: stops when the slope is small, where a fixed number of steps is asked for
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        g = grad_f(x)
        if np.max(np.abs(g)) < 1e-2:
            break
        x = x - lr * g
    return x
