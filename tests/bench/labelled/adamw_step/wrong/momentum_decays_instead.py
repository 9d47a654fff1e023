# family: decay
# line: 12
# about: the decay takes from the first moment's share and not from the weight
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    mt = beta1 * m + (1 - beta1) * g
    vt = beta2 * v + (1 - beta2) * g**2
    m_hat = mt / (1 - beta1**t)
    v_hat = vt / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * wd * m_hat
    return theta, mt, vt
