# family: bias-correction
# line: 19
# about: divides by 1 - beta1 at every step instead of by 1 - beta1**t
import numpy as np


class Moments:
    def __init__(self, m, v):
        self.m, self.v = m, v

    def update(self, g, beta1, beta2):
        self.m = beta1 * self.m + (1 - beta1) * g
        self.v = beta2 * self.v + (1 - beta2) * g**2


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    state = Moments(m, v)
    state.update(g, beta1, beta2)
    m_hat = state.m / (1 - beta1)
    v_hat = state.v / (1 - beta2**t)
    theta = theta * (1 - lr * wd)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state.m, state.v
