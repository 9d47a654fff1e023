import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    w = torch.tensor(theta)
    grad = torch.tensor(g)
    first = torch.tensor(m)
    second = torch.tensor(v)
    w.mul_(1 - lr * wd)
    first.mul_(beta1).add_(grad, alpha=1 - beta1)
    second.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    denom = second.div(1 - beta2**t).sqrt_().add_(eps)
    w.addcdiv_(first.div(1 - beta1**t), denom, value=-lr)
    return w.numpy(), first.numpy(), second.numpy()
