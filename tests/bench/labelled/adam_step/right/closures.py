import numpy as np


def ema(beta):
    return lambda average, value: beta * average + (1 - beta) * value


def unbias(beta, t):
    return lambda average: average / (1 - np.power(beta, t))


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    m, v = ema(beta1)(m, g), ema(beta2)(v, np.square(g))
    direction = unbias(beta1, t)(m) / (np.sqrt(unbias(beta2, t)(v)) + eps)
    return [theta - lr * direction, m, v]
