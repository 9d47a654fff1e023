# family: moment
# line: 8
# about: m moves on before the sign is taken, so the step mixes the gradient in twice
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    m = beta2 * m + (1 - beta2) * g
    update = np.sign(beta1 * m + (1 - beta1) * g)
    theta = theta - lr * (update + wd * theta)
    return theta, m
