# family: decay
# line: 11
# about: wd is never used
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    ema = lambda old, new, beta: beta * old + (1 - beta) * new
    m, v = ema(m, g, beta1), ema(v, g**2, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    new_theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new_theta, m, v
