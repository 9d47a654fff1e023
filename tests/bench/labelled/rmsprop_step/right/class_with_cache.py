import numpy as np


class RMSprop:
    def __init__(self, cache, lr, rho, eps):
        self.cache, self.lr, self.rho, self.eps = cache, lr, rho, eps

    def accumulate(self, g):
        self.cache = self.rho * self.cache + (1 - self.rho) * g * g

    def direction(self, g):
        return -self.lr * g / (np.sqrt(self.cache) + self.eps)


def rmsprop_step(theta, g, v, lr, rho, eps):
    opt = RMSprop(v, lr, rho, eps)
    opt.accumulate(g)
    return theta + opt.direction(g), opt.cache
