import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    v = np.zeros(x.shape)
    k = 0
    while k < steps:
        v *= beta
        g = grad_f(x - lr * v)
        v += g
        x -= lr * v
        k += 1
    return x
