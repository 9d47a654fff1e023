# family: sign
# line: 10
# about: the decay factor is one plus lr wd, so the weights grow
import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.from_numpy(theta.copy())
    d = torch.from_numpy(g.copy())
    p.mul_(1 + lr * wd)
    m = torch.from_numpy(m.copy()).lerp_(d, 1 - beta1)
    v = torch.from_numpy(v.copy()).lerp_(d.square(), 1 - beta2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    p.sub_(lr * m_hat / (v_hat.sqrt() + eps))
    return p.numpy(), m.numpy(), v.numpy()
