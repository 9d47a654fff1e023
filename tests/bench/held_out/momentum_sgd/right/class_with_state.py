import numpy as np


class MomentumOptimizer:
    """SGD + momentum."""

    def __init__(self, lr=0.01, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.v = 0

    def update(self, w, grad):
        self.v = self.momentum * self.v + grad
        return w - self.lr * self.v


def momentum_sgd(grad_f, x0, lr, beta, steps):
    optimizer = MomentumOptimizer(lr, beta)
    w = x0
    for _ in range(steps):
        w = optimizer.update(w, grad_f(w))
    return w
