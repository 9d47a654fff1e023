# family: bias-correction
# line: 14
# about: t counts from one already, so t + 1 is one too many
import numpy as np


class Adam:
    def __init__(self, lr, b1, b2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, b1, b2, eps

    def step(self, w, grad, m, v, t):
        m = self.b1 * m + (1 - self.b1) * grad
        v = self.b2 * v + (1 - self.b2) * grad**2
        k = t + 1
        mh = m / (1 - self.b1**k)
        vh = v / (1 - self.b2**k)
        w = w - self.lr * mh / (np.sqrt(vh) + self.eps)
        return w, m, v


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    return Adam(lr, beta1, beta2, eps).step(theta, g, m, v, t)
