# family: mutation
# line: 8
# about: the caller's m is scaled in place
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m *= beta1
    m = m + (1 - beta1) * g
    v = v * beta2 + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return theta, m, v
