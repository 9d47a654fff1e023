# family: step-count
# line: 11
# about: gives up where the gradient is small, though a fixed number of steps is asked for
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        g = grad_f(x)
        if np.linalg.norm(g) < 1e-3:
            return x
        x = x - lr * g
    return x
