import numpy as np


class SGD:
    def __init__(self, x, lr):
        self.x = np.copy(x)
        self.lr = lr

    def step(self, gradient):
        self.x = self.x - self.lr * gradient


def grad_descent(grad_f, x0, lr, steps):
    opt = SGD(x0, lr)
    while steps > 0:
        opt.step(grad_f(opt.x))
        steps -= 1
    return opt.x
