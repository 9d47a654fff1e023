# family: learning-rate
# line: 13
# about: the velocity already holds lr, and the update applies it once more
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = np.copy(x0)
    v = np.zeros_like(x)
    for _ in range(steps):
        push = lr * grad_f(x)
        v = beta * v + push
        x = x - lr * v
    return x
