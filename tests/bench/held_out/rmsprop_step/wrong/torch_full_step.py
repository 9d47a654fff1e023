# family: learning-rate
# line: 10
# about: the normalised gradient is taken off without the learning rate
import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    p, grad, sq = (torch.tensor(a, dtype=torch.float64) for a in (theta, g, v))
    sq = rho * sq + (1 - rho) * grad.pow(2)
    p = p - grad / (sq.sqrt() + eps)
    return p.numpy(), sq.numpy()
