# family: learning-rate
# line: 11
# about: the gradient enters without the learning rate
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    xs = [x0, x0]
    for k in range(steps):
        momentum_term = beta * (xs[-1] - xs[-2])
        xs.append(xs[-1] - grad_f(xs[-1]) + momentum_term)
    return xs[-1]
