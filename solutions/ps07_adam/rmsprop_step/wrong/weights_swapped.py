# family: moment
# line: 13
# about: rho weighs the new square and 1 - rho the old average
import numpy as np


class Averager:
    def __init__(self, value, rho):
        self.value = value
        self.rho = rho

    def push(self, x):
        self.value = (1 - self.rho) * self.value + self.rho * x
        return self.value


def rmsprop_step(theta, g, v, lr, rho, eps):
    mean_square = Averager(v, rho).push(g**2)
    return theta - lr * g / (np.sqrt(mean_square) + eps), mean_square
