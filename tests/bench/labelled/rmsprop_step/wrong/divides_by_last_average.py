# family: moment
# line: 14
# about: the step divides by the average before the update
import numpy as np


class Rms:
    def __init__(self, v, rho):
        self.v, self.rho = v, rho

    def push(self, g):
        before = self.v
        self.v = self.rho * before + (1 - self.rho) * g**2
        return np.sqrt(before)


def rmsprop_step(theta, g, v, lr, rho, eps):
    rms = Rms(v, rho)
    denominator = rms.push(g) + eps
    return theta - lr * g / denominator, rms.v
