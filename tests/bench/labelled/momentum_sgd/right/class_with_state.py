import numpy as np


class MomentumSGD:
    def __init__(self, x, lr: float, beta: float) -> None:
        self.x = np.array(x, dtype=float)
        self.lr = lr
        self.beta = beta
        self.buf = np.zeros_like(self.x)

    def step(self, grad) -> None:
        self.buf *= self.beta
        self.buf += grad
        self.x -= self.lr * self.buf


def momentum_sgd(grad_f, x0, lr, beta, steps):
    opt = MomentumSGD(x0, lr, beta)
    for _ in range(steps):
        opt.step(grad_f(opt.x.copy()))
    return opt.x
