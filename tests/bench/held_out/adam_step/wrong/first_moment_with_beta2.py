# family: algebra
# line: 8
# about: the old first moment is weighed with beta2 and not with beta1
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m_new = beta2 * m + (1 - beta1) * g
    v_new = beta2 * v + (1 - beta2) * np.power(g, 2)
    m_unbiased = m_new / (1 - np.power(beta1, t))
    v_unbiased = v_new / (1 - np.power(beta2, t))
    theta_new = theta - lr * m_unbiased / (np.sqrt(v_unbiased) + eps)
    return theta_new, m_new, v_new
