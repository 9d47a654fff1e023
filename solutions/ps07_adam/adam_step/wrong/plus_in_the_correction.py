# family: sign
# line: 10
# about: divides by 1 + beta1**t
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m1 = beta1 * m + (1 - beta1) * g
    v1 = beta2 * v + (1 - beta2) * np.square(g)
    m_hat = m1 / (1 + beta1**t)
    v_hat = v1 / (1 - beta2**t)
    theta1 = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta1, m1, v1
