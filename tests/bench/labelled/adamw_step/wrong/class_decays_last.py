# family: decay
# line: 21
# about: the decay reads the weight after the Adam step, not before it
import numpy as np


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        self.params = params
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    def step(self, grad, exp_avg, exp_avg_sq, t):
        b1, b2 = self.betas
        exp_avg = b1 * exp_avg + (1 - b1) * grad
        exp_avg_sq = b2 * exp_avg_sq + (1 - b2) * grad**2
        step = (exp_avg / (1 - b1**t)) / (np.sqrt(exp_avg_sq / (1 - b2**t)) + self.eps)
        self.params = self.params - self.lr * step
        self.params = self.params - self.lr * self.weight_decay * self.params
        return exp_avg, exp_avg_sq


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    optimizer = AdamW(theta, lr, (beta1, beta2), eps, wd)
    m, v = optimizer.step(g, m, v, t)
    return optimizer.params, m, v
