# family: eps
# line: 16
# about: eps is left out of the denominator
import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    # moving averages
    first_moment = beta1 * m + (1 - beta1) * g
    second_moment = beta2 * v + (1 - beta2) * g**2
    # bias correction
    first_unbiased = first_moment / (1 - beta1**t)
    second_unbiased = second_moment / (1 - beta2**t)
    # the two parts of the update
    weight_decay_part = lr * wd * theta
    gradient_part = lr * first_unbiased / np.sqrt(second_unbiased)
    new_theta = theta - gradient_part - weight_decay_part
    return new_theta, first_moment, second_moment
