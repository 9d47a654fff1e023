import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m_t = (beta1 * m) + (1.0 - beta1) * g
    v_t = (beta2 * v) + (1.0 - beta2) * np.square(g)
    bc1 = 1.0 - beta1**t
    bc2 = np.sqrt(1.0 - beta2**t)
    lr_t = lr * bc2 / bc1
    p_t = theta - lr_t * m_t / (np.sqrt(v_t) + eps * bc2)
    return p_t, m_t, v_t
