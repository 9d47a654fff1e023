import torch


def rmsprop_step(theta, g, v, lr, rho, eps):
    grad = torch.as_tensor(g)
    square_avg = torch.as_tensor(v).clone()
    square_avg.mul_(rho).addcmul_(grad, grad, value=1 - rho)
    avg = square_avg.sqrt().add_(eps)
    p = torch.as_tensor(theta).clone()
    p.addcdiv_(grad, avg, value=-lr)
    return p.numpy(), square_avg.numpy()
