# family: return
# line: 16
# about: the last look-ahead point is returned and not the iterate
import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x_prev = x = np.array(x0, dtype=float)
    look_ahead = x
    k = 0
    while k < steps:
        look_ahead = x + beta * (x - x_prev)
        x_prev = x
        x = look_ahead - lr * grad_f(look_ahead)
        k = k + 1
    return look_ahead
