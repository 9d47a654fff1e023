import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    theta = torch.tensor(theta)
    g = torch.tensor(g)
    square_avg = torch.tensor(v)
    square_avg.mul_(rho).addcmul_(g, g, value=1 - rho)
    avg = square_avg.sqrt().add_(eps)
    theta.addcdiv_(g, avg, value=-lr)
    return theta.numpy(), square_avg.numpy()
