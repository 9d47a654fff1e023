import numpy as np


def rmsprop_step(theta, g, v, lr, rho, eps):
    avg_sq = v + (1 - rho) * (np.square(g) - v)
    per_weight_lr = lr / (avg_sq**0.5 + eps)
    return theta - per_weight_lr * g, avg_sq
