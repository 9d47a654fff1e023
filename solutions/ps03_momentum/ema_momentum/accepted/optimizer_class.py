import numpy as np


class EMA:
    def __init__(self, params, lr=0.01, beta=0.9):
        self.params = params
        self.lr, self.beta = lr, beta
        self.exp_avg = None

    def step(self, grad):
        if self.exp_avg is None:
            self.exp_avg = np.zeros_like(grad)
        self.exp_avg = self.exp_avg * self.beta + grad * (1 - self.beta)
        self.params = self.params - self.lr * self.exp_avg


def ema_momentum(grad_f, x0, lr, beta, steps):
    opt = EMA(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f(opt.params))
    return opt.params
