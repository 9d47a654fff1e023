# family: eps
# line: 12
# about: with the corrections folded into the rate, eps has to be scaled as well
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    b1t, b2t = beta1**t, beta2**t
    lr_t = lr * np.sqrt(1 - b2t) / (1 - b1t)
    m_t = beta1 * m + (1 - beta1) * g
    v_t = beta2 * v + (1 - beta2) * g * g
    theta_t = theta - lr_t * m_t / (np.sqrt(v_t) + eps)
    return theta_t, m_t, v_t
