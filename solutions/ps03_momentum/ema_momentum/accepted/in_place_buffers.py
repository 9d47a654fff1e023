import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    scalar = np.isscalar(x0)
    w = np.array([x0] if scalar else x0, dtype=np.float64)
    m = np.zeros(len(w))
    for _ in range(steps):
        g = grad_f(w[0]) if scalar else grad_f(w)
        m *= beta
        m += np.multiply(g, 1.0 - beta)
        w -= lr * m
    return float(w[0]) if scalar else w
