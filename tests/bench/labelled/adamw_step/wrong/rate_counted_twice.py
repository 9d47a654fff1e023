# family: decay
# line: 9
# about: lr multiplies the decay twice
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    def decay(w):
        return lr * wd * w

    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    update = m_hat / (np.sqrt(v_hat) + eps) + decay(theta)
    return theta - lr * update, m, v
