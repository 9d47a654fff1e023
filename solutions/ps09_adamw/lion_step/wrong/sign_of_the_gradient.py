# family: velocity
# line: 8
# about: the step follows the gradient's sign and leaves the momentum out
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    s = np.sign(g)
    theta = theta - lr * (s + wd * theta)
    return theta, beta2 * m + (1 - beta2) * g
