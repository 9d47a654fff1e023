import numpy as np


def ema_momentum(grad_f, x0, lr, beta, steps):
    x = np.array(x0, dtype=float)
    avg = np.zeros_like(x)
    for _ in range(steps):
        # move the average a fraction of the way to the newest gradient
        avg = avg + (1 - beta) * (grad_f(x) - avg)
        x = x - lr * avg
    return x
