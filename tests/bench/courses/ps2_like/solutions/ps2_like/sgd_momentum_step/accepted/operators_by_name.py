import torch


def sgd_momentum_step(theta, g, v, lr, beta):
    new_v = torch.add(g, v, alpha=beta)
    return torch.sub(theta, new_v, alpha=lr), new_v
