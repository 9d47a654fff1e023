# family: return
# line: 12
# about: the corrected moments come back, and are corrected again in the next step
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    uj_theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return uj_theta, m_hat, v_hat
