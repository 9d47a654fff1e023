import numpy as np


class RMSProp:
    def __init__(self, lr, decay, eps):
        self.lr, self.decay, self.eps = lr, decay, eps
        self.cache = {}

    def update(self, key, param, grad):
        old = self.cache.get(key, np.zeros_like(param))
        self.cache[key] = self.decay * old + (1.0 - self.decay) * np.square(grad)
        return param + -(self.lr / (self.eps + self.cache[key] ** 0.5)) * grad


def rmsprop_step(theta, g, v, lr, rho, eps):
    opt = RMSProp(lr, rho, eps)
    opt.cache["w"] = v
    theta = opt.update("w", theta, g)
    return theta, opt.cache["w"]
