import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    # w is the look-ahead point that PyTorch keeps; the last line walks back from it
    w = np.array(x0, dtype=float)
    buf = np.zeros_like(w)
    for _ in range(steps):
        g = grad_f(w)
        buf = beta * buf + g
        w = w - lr * (g + beta * buf)
    return w + lr * beta * buf
