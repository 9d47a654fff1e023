import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    theta = np.asarray(x0, dtype=float)
    v = np.zeros(theta.shape)
    for _ in range(steps):
        lookahead = theta + beta * v
        v = beta * v - lr * grad_f(lookahead)
        theta = theta + v
    return theta
