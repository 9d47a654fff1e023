# family: moment
# line: 11
# about: the denominator is the second moment itself and not its root
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    new_m = beta1 * m + (1 - beta1) * g
    new_v = beta2 * v + (1 - beta2) * np.multiply(g, g)
    numerator = new_m / (1 - beta1**t)
    denominator = new_v / (1 - beta2**t) + eps
    return (1 - lr * wd) * theta - lr * numerator / denominator, new_m, new_v
