# family: moment
# line: 13
# about: the gradient enters the second moment without its square
import numpy as np


class Adam:
    def __init__(self, m, v, t):
        self.m, self.v, self.t = m, v, t

    def step(self, w, grad, lr, b1, b2, eps):
        self.m = b1 * self.m + (1 - b1) * grad
        self.v = b2 * self.v + (1 - b2) * np.abs(grad)
        mh = self.m / (1 - b1**self.t)
        vh = self.v / (1 - b2**self.t)
        return w - lr * mh / (np.sqrt(vh) + eps)


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    opt = Adam(m, v, t)
    return opt.step(theta, g, lr, beta1, beta2, eps), opt.m, opt.v
