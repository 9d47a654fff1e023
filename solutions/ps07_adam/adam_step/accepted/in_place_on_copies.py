import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    theta, m, v = np.copy(theta), np.copy(m), np.copy(v)
    np.multiply(m, beta1, out=m)
    m += (1 - beta1) * g
    np.multiply(v, beta2, out=v)
    v += (1 - beta2) * g * g
    denominator = np.sqrt(v / (1 - beta2**t))
    denominator += eps
    theta -= lr / (1 - beta1**t) * m / denominator
    return theta, m, v
