from dataclasses import dataclass

import numpy as np


@dataclass
class State:
    m: np.ndarray
    v: np.ndarray
    t: int

    def observe(self, g, beta1, beta2):
        self.m *= beta1
        self.m += (1 - beta1) * g
        self.v *= beta2
        self.v += (1 - beta2) * np.square(g)

    def unbiased(self, beta1, beta2):
        return self.m / (1 - beta1**self.t), self.v / (1 - beta2**self.t)


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    state = State(m.copy(), v.copy(), t)
    state.observe(g, beta1, beta2)
    m_hat, v_hat = state.unbiased(beta1, beta2)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state.m, state.v
