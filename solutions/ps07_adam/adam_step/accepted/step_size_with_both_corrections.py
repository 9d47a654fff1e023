import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1.0 - beta1) * g
    v = beta2 * v + (1.0 - beta2) * np.power(g, 2)
    bias2 = np.sqrt(1.0 - beta2**t)
    lr_t = lr * bias2 / (1.0 - beta1**t)
    # eps is scaled like the root it is added to
    return theta - lr_t * m / (np.sqrt(v) + eps * bias2), m, v
