# family: abs
# line: 10
# about: the absolute value throws the direction away: x only ever goes down
import numpy as np


def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * np.abs(grad_f(x))
    return x
