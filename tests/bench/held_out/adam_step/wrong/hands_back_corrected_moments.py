# family: return
# line: 13
# about: the corrected moments are returned as the state
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m_t = beta1 * m + (1 - beta1) * g
    v_t = beta2 * v + (1 - beta2) * g**2
    m_hat = m_t / (1 - beta1**t)
    v_hat = v_t / (1 - beta2**t)
    theta_t = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta_t, m_hat, v_hat
