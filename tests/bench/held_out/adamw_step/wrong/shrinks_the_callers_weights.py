# family: mutation
# line: 8
# about: the decay shrinks the caller's theta in place
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    theta *= 1 - lr * wd
    m_new = beta1 * m + (1 - beta1) * g
    v_new = beta2 * v + (1 - beta2) * np.square(g)
    update = m_new / (1 - beta1**t) / (np.sqrt(v_new / (1 - beta2**t)) + eps)
    return theta - lr * update, m_new, v_new
