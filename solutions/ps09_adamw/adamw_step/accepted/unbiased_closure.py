import numpy as np


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    def unbiased(moment, beta):
        return moment / (1 - beta**t)

    state = {"m": beta1 * m + (1 - beta1) * g, "v": beta2 * v + (1 - beta2) * g**2}
    direction = unbiased(state["m"], beta1)
    scale = np.sqrt(unbiased(state["v"], beta2)) + eps
    theta = theta - lr * (direction / scale + wd * theta)
    return theta, state["m"], state["v"]
