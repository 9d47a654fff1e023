# family: learning-rate
# line: 16
# about: the direction is subtracted whole, without the learning rate
import numpy as np


def update_moment(old, new, beta):
    return beta * old + (1 - beta) * new


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m = update_moment(m, g, beta1)
    v = update_moment(v, g * g, beta2)
    correct = lambda moment, beta: moment / (1 - beta**t)
    direction = correct(m, beta1) / (np.sqrt(correct(v, beta2)) + eps)
    theta = theta - direction
    return theta, m, v
