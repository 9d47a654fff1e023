import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    moments = {"m": (m, g, beta1), "v": (v, np.square(g), beta2)}
    new = {k: b * old + (1 - b) * x for k, (old, x, b) in moments.items()}
    hat = {k: new[k] / (1.0 - b**t) for k, (_, _, b) in moments.items()}
    updates = [-lr * hat["m"] / (np.sqrt(hat["v"]) + eps), -lr * wd * theta]
    return theta + sum(updates), new["m"], new["v"]
