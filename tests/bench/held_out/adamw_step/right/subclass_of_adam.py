import numpy as np


class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps

    def direction(self, g, m, v, t):
        m = self.beta1 * m + (1 - self.beta1) * g
        v = self.beta2 * v + (1 - self.beta2) * np.square(g)
        mh = m / (1 - self.beta1**t)
        vh = v / (1 - self.beta2**t)
        return mh / (np.sqrt(vh) + self.eps), m, v


class AdamW(Adam):
    def __init__(self, lr, beta1, beta2, eps, weight_decay):
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def step(self, p, g, m, v, t):
        d, m, v = self.direction(g, m, v, t)
        decayed = p * (1 - self.lr * self.weight_decay)
        return decayed - self.lr * d, m, v


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    return AdamW(lr, beta1, beta2, eps, wd).step(theta, g, m, v, t)
