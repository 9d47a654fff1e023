# family: decay
# line: 12
# about: dividing by 1 + lr wd is another decay than multiplying by 1 - lr wd
import numpy as np


class Weights:
    def __init__(self, theta):
        self.theta = theta

    def decay(self, rate, wd):
        self.theta = self.theta / (1 + rate * wd)
        return self

    def move(self, by):
        self.theta = self.theta - by
        return self


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = Weights(theta).decay(lr, wd).move(lr * m_hat / (np.sqrt(v_hat) + eps))
    return w.theta, m, v
