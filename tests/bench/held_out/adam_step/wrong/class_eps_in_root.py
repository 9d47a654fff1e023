# family: eps
# line: 19
# about: eps stands inside the root
import numpy as np


class AdamOptimizer:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps

    def update(self, w, dw, m, v, t):
        m = self.beta1 * m + (1 - self.beta1) * dw
        v = self.beta2 * v + (1 - self.beta2) * (dw**2)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v / (1 - self.beta2**t)
        w = w - self.lr * m_hat / np.sqrt(v_hat + self.eps)
        return w, m, v


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    return AdamOptimizer(lr, beta1, beta2, eps).update(theta, g, m, v, t)
