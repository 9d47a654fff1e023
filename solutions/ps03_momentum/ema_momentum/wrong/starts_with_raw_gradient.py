# family: moment
# line: 14
# about: the first average is the whole first gradient, though it should start from zero
import numpy as np


class Damped:
    def __init__(self, beta):
        self.beta = beta
        self.buf = None

    def average(self, g):
        if self.buf is None:
            self.buf = np.copy(g)
        else:
            self.buf = self.beta * self.buf + (1 - self.beta) * g
        return self.buf


def ema_momentum(grad_f, x0, lr, beta, steps):
    damped = Damped(beta)
    x = x0
    for _ in range(steps):
        x = x - lr * damped.average(grad_f(x))
    return x
