# family: decay
# line: 13
# about: the decay reads the weight that the Adam step has already moved
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m = m * beta1 + g * (1 - beta1)
    v = v * beta2 + g * g * (1 - beta2)
    mh = m / (1 - np.power(beta1, t))
    vh = v / (1 - np.power(beta2, t))
    theta = theta - lr * mh / (np.sqrt(vh) + eps)
    theta = theta - lr * wd * theta
    return theta, m, v
