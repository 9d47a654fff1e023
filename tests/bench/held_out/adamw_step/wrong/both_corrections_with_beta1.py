# family: bias-correction
# line: 19
# about: the second moment is corrected with beta1
import numpy as np


class AdamW:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    def __call__(self, p, g, m, v, t):
        b1, b2 = self.betas
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        m_hat = m / (1 - b1**t)
        v_hat = v / (1 - b1**t)
        p = p - self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * p)
        return p, m, v


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    return AdamW(lr, (beta1, beta2), eps, wd)(theta, g, m, v, t)
