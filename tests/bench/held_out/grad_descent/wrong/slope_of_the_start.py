# family: step-count
# line: 10
# about: every step uses the gradient at the start point
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * grad_f(x0)
    return x
