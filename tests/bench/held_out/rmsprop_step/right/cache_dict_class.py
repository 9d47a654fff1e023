import numpy as np


class RMSProp:
    def __init__(self, lr, decay_rate, eps):
        self.lr = lr
        self.decay_rate = decay_rate
        self.eps = eps
        self.cache = {}

    def update(self, name, w, dw):
        self.cache[name] = self.decay_rate * self.cache[name] + (1 - self.decay_rate) * np.square(dw)
        return w - self.lr * dw / (np.sqrt(self.cache[name]) + self.eps)


def rmsprop_step(theta, g, v, lr, rho, eps):
    opt = RMSProp(lr, rho, eps)
    opt.cache["w"] = v
    new_theta = opt.update("w", theta, g)
    return new_theta, opt.cache["w"]
