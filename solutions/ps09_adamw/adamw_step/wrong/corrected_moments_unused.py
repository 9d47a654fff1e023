# family: bias-correction
# line: 12
# about: m_hat and v_hat are computed and then forgotten
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = (1 - lr * wd) * theta - lr * m / (np.sqrt(v) + eps)
    return theta, m, v
