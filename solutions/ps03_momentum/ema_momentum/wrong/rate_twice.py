# family: learning-rate
# line: 10
# about: lr belongs to the step alone and is applied in the average as well
import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    w, m = np.copy(x0), 0.0
    for _ in range(steps):
        m = beta * m + (1 - beta) * lr * grad_f(w)
        w = w - lr * m
    return w
