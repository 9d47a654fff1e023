# family: bias-correction
# line: 13
# about: the second moment is corrected with beta1
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    def corrected(moment):
        return moment / (1 - beta1**t)

    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return theta - lr * corrected(m) / (np.sqrt(corrected(v)) + eps), m, v
