# family: step-count
# line: 11
# about: slopes of opposite sign cancel in the sum, and the loop stops where it should go on
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        g = grad_f(x)
        if abs(np.sum(g)) < 1e-9:
            break
        x = x - lr * g
    return x
