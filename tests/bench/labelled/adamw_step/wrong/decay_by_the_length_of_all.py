# family: decay
# line: 12
# about: each weight decays by the length of the whole vector and not by itself
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    penalty = wd * np.linalg.norm(theta)
    theta = theta - lr * (m_hat / (np.sqrt(v_hat) + eps) + penalty)
    return theta, m, v
