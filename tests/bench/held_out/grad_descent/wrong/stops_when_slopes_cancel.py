# family: abs
# line: 12
# about: the stopping test takes abs of the sum, so opposite slopes cancel
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        g = grad_f(x)
        # converged?
        if np.abs(np.sum(g)) < 1e-12:
            break
        x = x - lr * g
    return x
