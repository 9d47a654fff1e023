import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    ancien = theta.copy()
    m_t = np.add(beta1 * m, (1 - beta1) * g)
    v_t = np.add(beta2 * v, (1 - beta2) * g**2)
    m_chapeau = m_t / (1 - beta1**t)
    v_chapeau = v_t / (1 - beta2**t)
    nouveau = theta - lr * m_chapeau / (np.sqrt(v_chapeau) + eps)
    nouveau -= lr * wd * ancien
    return nouveau, m_t, v_t
