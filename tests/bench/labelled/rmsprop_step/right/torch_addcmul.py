import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    p, grad, sq = torch.tensor(theta), torch.tensor(g), torch.tensor(v)
    sq.mul_(rho).addcmul_(grad, grad, value=1 - rho)
    p.addcdiv_(grad, sq.sqrt().add_(eps), value=-lr)
    return p, sq
