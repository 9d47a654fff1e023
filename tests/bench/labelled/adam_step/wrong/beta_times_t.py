# family: bias-correction
# line: 9
# about: beta is multiplied by t where it should be raised to t
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    def correct(x, beta):
        return x / (1 - beta * t)

    first = m * beta1 + g * (1 - beta1)
    second = v * beta2 + g**2 * (1 - beta2)
    root = np.sqrt(np.abs(correct(second, beta2)))
    return theta - lr * correct(first, beta1) / (root + eps), first, second
