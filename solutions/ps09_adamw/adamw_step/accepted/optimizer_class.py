import numpy as np


class AdamW:
    def __init__(self, lr, betas, eps, weight_decay):
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        self.state = {}

    def step(self, param, grad):
        b1, b2 = self.betas
        s = self.state
        s["step"] += 1
        s["m"] += (1 - b1) * (grad - s["m"])
        s["v"] += (1 - b2) * (np.square(grad) - s["v"])
        mhat = s["m"] / (1 - b1 ** s["step"])
        vhat = s["v"] / (1 - b2 ** s["step"])
        shrunk = param * (1 - self.lr * self.weight_decay)
        return shrunk - self.lr * mhat / (vhat**0.5 + self.eps)


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    opt = AdamW(lr, (beta1, beta2), eps, wd)
    opt.state = {"step": t - 1, "m": m.copy(), "v": v.copy()}
    theta = opt.step(theta, g)
    return theta, opt.state["m"], opt.state["v"]
