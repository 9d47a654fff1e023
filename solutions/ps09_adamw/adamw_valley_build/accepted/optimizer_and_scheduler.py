import math

import numpy as np


class Cosine:
    def __init__(self, peak, steps):
        self.peak, self.last, self.k = peak, steps - 1, 0

    def rate(self):
        if self.last <= 0:
            return self.peak
        return self.peak / 2 * (1 + math.cos(math.pi * self.k / self.last))

    def step(self):
        self.k += 1


class AdamW:
    def __init__(self, x, beta1, beta2, eps, wd):
        self.x, self.b1, self.b2, self.eps, self.wd = np.array(x), beta1, beta2, eps, wd
        self.state = {"t": 0, "m": np.zeros(len(x)), "v": np.zeros(len(x))}

    def step(self, g, lr):
        s = self.state
        s["t"] += 1
        s["m"] = self.b1 * s["m"] + (1 - self.b1) * g
        s["v"] = self.b2 * s["v"] + (1 - self.b2) * np.square(g)
        m_hat = s["m"] / (1 - self.b1 ** s["t"])
        v_hat = s["v"] / (1 - self.b2 ** s["t"])
        self.x = self.x - lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.wd * self.x)


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    opt, schedule = AdamW(x0, beta1, beta2, eps, wd), Cosine(peak_lr, steps)
    while schedule.k < steps:
        opt.step(grad_f(opt.x), schedule.rate())
        schedule.step()
    return opt.x
