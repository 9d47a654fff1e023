# family: bias-correction
# line: 8
# about: the exponent counts from zero, so the first step divides by zero
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    step = t - 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**step)
    v_hat = v / (1 - beta2**step)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
