import numpy as np


class Lion:
    """(c > 0) - (c < 0) is the sign of c."""

    def __init__(self, lr, betas, wd, m):
        self.lr, self.betas, self.wd, self.m = lr, betas, wd, m

    def __call__(self, w, g):
        b1, b2 = self.betas
        c = self.m * b1 + g * (1 - b1)
        u = (c > 0).astype(float) - (c < 0).astype(float)
        self.m = self.m + (1 - b2) * (g - self.m)
        return w + -self.lr * (u + self.wd * w)


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    opt = Lion(lr, (beta1, beta2), wd, m)
    new = opt(np.asarray(theta), np.asarray(g))
    return new, opt.m
