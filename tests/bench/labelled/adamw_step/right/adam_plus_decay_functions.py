import numpy as np


def adam_direction(g, m, v, t, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return m_hat / (np.sqrt(v_hat) + eps), m, v


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    d, m, v = adam_direction(g, m, v, t, beta1, beta2, eps)
    return theta - lr * (d + wd * theta), m, v
