# family: mutation
# line: 13
# about: from_numpy shares memory, so the in-place step changes the caller's theta
import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    p = torch.from_numpy(theta)
    grad = torch.from_numpy(g)
    m = beta1 * torch.from_numpy(m) + (1 - beta1) * grad
    v = beta2 * torch.from_numpy(v) + (1 - beta2) * grad**2
    update = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps)
    p.sub_(lr * update)
    return p.numpy(), m.numpy(), v.numpy()
