import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    """The form before algorithm 1 in the paper: both corrections folded into the rate."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    root = np.sqrt(1 - beta2**t)
    alpha_t = lr * root / (1 - beta1**t)
    return theta - alpha_t * m / (np.sqrt(v) + eps * root), m, v
