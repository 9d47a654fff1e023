# family: sign
# line: 12
# about: the Adam part is added, so the step goes uphill
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    theta = theta * (1 - lr * wd)
    theta = theta + lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v
