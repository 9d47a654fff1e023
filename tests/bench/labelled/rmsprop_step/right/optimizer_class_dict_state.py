import numpy as np


class RMSProp:
    """Keeps its running average in a state dict, like the frameworks do."""

    def __init__(self, lr, alpha, eps):
        self.defaults = dict(lr=lr, alpha=alpha, eps=eps)
        self.state = {}

    def update(self, param, grad):
        cfg = self.defaults
        avg = self.state["square_avg"]
        avg = cfg["alpha"] * avg + (1 - cfg["alpha"]) * grad**2
        self.state["square_avg"] = avg
        return param - cfg["lr"] * np.divide(grad, np.sqrt(avg) + cfg["eps"])


def rmsprop_step(theta, g, v, lr, rho, eps):
    opt = RMSProp(lr, rho, eps)
    opt.state["square_avg"] = v
    theta = opt.update(theta, g)
    return theta, opt.state["square_avg"]
