# family: sign
# line: 11
# about: inside the bracket the decay is subtracted, so weights without gradient grow
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m_new = beta1 * m + (1 - beta1) * g
    v_new = beta2 * v + (1 - beta2) * np.square(g)
    update = (m_new / (1 - beta1**t)) / (np.sqrt(v_new / (1 - beta2**t)) + eps)
    theta_new = theta - lr * (update - wd * theta)
    return theta_new, m_new, v_new
