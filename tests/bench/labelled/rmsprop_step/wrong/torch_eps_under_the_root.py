# family: eps
# line: 12
# about: eps is added before the root is taken
import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    weights = torch.tensor(theta)
    grads = torch.as_tensor(g)
    square_avg = torch.tensor(v)
    square_avg.mul_(rho).add_((1 - rho) * grads.pow(2))
    denom = square_avg.add(eps).sqrt()
    weights.addcdiv_(grads, denom, value=-lr)
    return weights.numpy(), square_avg.numpy()
