# family: bias-correction
# line: 11
# about: the average is multiplied by 1 - beta^t where it should be divided
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    new_m = (1 - beta1) * g + beta1 * m
    new_v = (1 - beta2) * g**2 + beta2 * v
    corr1, corr2 = 1 - beta1**t, 1 - beta2**t
    m_hat = new_m * corr1
    v_hat = new_v / corr2
    new_theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new_theta, new_m, new_v
