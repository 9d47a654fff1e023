# family: moment
# line: 8
# about: beta2 mixes the direction and beta1 the momentum
import numpy as np


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    beta1, beta2 = beta2, beta1
    direction = np.sign(beta1 * m + (1 - beta1) * g)
    return theta - lr * (direction + wd * theta), beta2 * m + (1 - beta2) * g
