import numpy as np


def momentum_sgd(grad_f, x0, lr, beta, steps):
    w = np.array(x0, dtype=np.float64)
    velocity = np.zeros_like(w)
    for _ in range(steps):
        velocity = beta * velocity - lr * grad_f(w)
        w += velocity
    return w
