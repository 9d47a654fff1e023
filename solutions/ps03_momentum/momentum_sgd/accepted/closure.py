import numpy as np


def make_stepper(lr, beta):
    v = 0

    def step(x, g):
        nonlocal v
        v = np.multiply(v, beta) + g
        return np.subtract(x, lr * v)

    return step


def momentum_sgd(grad_f, x0, lr, beta, steps):
    step, x = make_stepper(lr, beta), x0
    while steps > 0:
        x = step(x, grad_f(x))
        steps -= 1
    return x
