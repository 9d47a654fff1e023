# family: eps
# line: 10
# about: eps is added under the root
import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    grad = torch.tensor(g)
    sq = torch.tensor(v).mul(rho).add(grad.pow(2), alpha=1 - rho)
    new = torch.tensor(theta) - lr * grad / torch.sqrt(sq + eps)
    return new.numpy(), sq.numpy()
