# family: sign
# line: 25
# about: the step is added, so it goes uphill
import numpy as np


class RmsProp(object):
    def __init__(self, learning_rate, decay, epsilon):
        self.learning_rate = learning_rate
        self.decay = decay
        self.epsilon = epsilon
        self.mean_square = None

    def compute_step(self, gradient):
        squared = gradient**2
        self.mean_square = self.decay * self.mean_square + (1 - self.decay) * squared
        rms = np.sqrt(self.mean_square) + self.epsilon
        return self.learning_rate * gradient / rms


def rmsprop_step(theta, g, v, lr, rho, eps):
    optimizer = RmsProp(lr, rho, eps)
    optimizer.mean_square = v
    step = optimizer.compute_step(g)
    theta = theta + step
    return theta, optimizer.mean_square
