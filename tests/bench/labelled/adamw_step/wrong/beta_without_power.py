# family: bias-correction
# line: 12
# about: the second correction divides by 1 - beta2 and not by 1 - beta2^t
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    sulycsokkenes = lr * wd * theta
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_kalap = m / (1 - beta1**t)
    v_kalap = v / (1 - beta2)
    theta = theta - lr * m_kalap / (np.sqrt(v_kalap) + eps)
    return theta - sulycsokkenes, m, v
