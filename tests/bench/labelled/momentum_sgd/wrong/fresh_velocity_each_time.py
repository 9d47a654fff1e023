# family: velocity
# line: 10
# about: the velocity is set to zero at the top of every step
import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    weights = x0
    for iteration in range(steps):
        velocity = np.zeros_like(weights)
        gradient = grad_f(weights)
        velocity = beta * velocity + gradient
        weights = weights - lr * velocity
    return weights
