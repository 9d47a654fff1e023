import numpy as np


def nesterov(grad_f, x0, lr, beta, steps):
    """Works on the look-ahead points, as PyTorch does, and steps back once at the end."""
    ahead = np.array(x0, dtype=float)
    buf = np.zeros(ahead.shape)
    for _ in range(steps):
        g = grad_f(ahead)
        buf = beta * buf + g
        ahead = ahead - lr * (g + beta * buf)
    return ahead + lr * beta * buf
