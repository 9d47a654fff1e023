import numpy as np


class SGD:
    def __init__(self, params, lr):
        self.params = params
        self.lr = lr

    def step(self, grads):
        self.params = self.params - self.lr * grads
        return self.params


def grad_descent(grad_f, x0, lr, steps):
    opt = SGD(np.copy(x0) * 1.0, lr)
    for _ in range(steps):
        opt.step(grad_f(opt.params))
    return opt.params
