# family: bias-correction
# line: 18
# about: the corrected moments are computed, and the step uses the raw ones
import numpy as np


class Adam:
    def __init__(self, lr, betas, eps):
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps

    def step(self, w, grad, m, v, t):
        m = self.b1 * m + (1 - self.b1) * grad
        v = self.b2 * v + (1 - self.b2) * grad * grad
        mhat = m / (1 - self.b1**t)
        vhat = v / (1 - self.b2**t)
        w = w - self.lr * m / (np.sqrt(v) + self.eps)
        return w, m, v


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    return Adam(lr, (beta1, beta2), eps).step(theta, g, m, v, t)
