# family: moment
# line: 9
# about: the new square enters the second moment without the factor 1 - beta2
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    mom1 = beta1 * m + (1 - beta1) * g
    mom2 = beta2 * v + np.power(g, 2)
    mom1_hat = mom1 / (1 - beta1**t)
    mom2_hat = mom2 / (1 - beta2**t)
    theta = theta - lr * wd * theta - lr * mom1_hat / (np.sqrt(mom2_hat) + eps)
    return theta, mom1, mom2
