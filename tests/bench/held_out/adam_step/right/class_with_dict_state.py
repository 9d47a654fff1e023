import numpy as np


class Adam:
    def __init__(self, lr, betas, eps, state):
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps
        self.state = state

    def step(self, w, dw):
        s = self.state
        s["m"] = self.b1 * s["m"] + (1 - self.b1) * dw
        s["v"] = self.b2 * s["v"] + (1 - self.b2) * (dw * dw)
        m_corrected = s["m"] / (1 - np.power(self.b1, s["t"]))
        v_corrected = s["v"] / (1 - np.power(self.b2, s["t"]))
        return w - self.lr * m_corrected / (np.sqrt(v_corrected) + self.eps)


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    opt = Adam(lr, (beta1, beta2), eps, {"m": m, "v": v, "t": t})
    w = opt.step(theta, g)
    return w, opt.state["m"], opt.state["v"]
