# family: decay
# line: 13
# about: the decay reads theta after the Adam step
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * (g**2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta_new = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    theta_new = theta_new - lr * wd * theta_new
    return theta_new, m, v
