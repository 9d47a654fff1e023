import numpy as np


class Momentum:
    def __init__(self, lr, beta):
        self.lr = lr
        self.beta = beta
        self.state = {}

    def update(self, x, g):
        buf = self.state.get("momentum_buffer")
        buf = np.copy(g) if buf is None else self.beta * buf + g
        self.state["momentum_buffer"] = buf
        return x - self.lr * buf


def momentum_sgd(grad_f, x0, lr, beta, steps):
    opt = Momentum(lr, beta)
    x = x0
    for _ in range(steps):
        x = opt.update(x, grad_f(x))
    return x
