import numpy as np


def make_adam(lr, beta1, beta2, eps):
    def ema(beta, old, new):
        return old - (1 - beta) * (old - new)

    def step(theta, g, state):
        t = state["t"]
        mu = ema(beta1, state["mu"], g)
        nu = ema(beta2, state["nu"], np.square(g))
        mu_hat = mu / (1.0 - beta1**t)
        nu_hat = nu / (1.0 - beta2**t)
        update = -lr * mu_hat / (np.sqrt(nu_hat) + eps)
        return theta + update, {"t": t + 1, "mu": mu, "nu": nu}

    return step


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    theta, state = make_adam(lr, beta1, beta2, eps)(theta, g, {"t": t, "mu": m, "nu": v})
    return theta, state["mu"], state["nu"]
