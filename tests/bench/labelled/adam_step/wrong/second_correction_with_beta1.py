# family: bias-correction
# line: 10
# about: the second moment is corrected with beta1
import numpy as np


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    mom1 = m * beta1 + g * (1 - beta1)
    mom2 = v * beta2 + g**2 * (1 - beta2)
    korr1, korr2 = 1 - beta1**t, 1 - beta1**t
    schritt = (mom1 / korr1) / (np.sqrt(mom2 / korr2) + eps)
    return theta - lr * schritt, mom1, mom2
