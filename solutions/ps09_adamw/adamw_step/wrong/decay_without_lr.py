# family: decay
# line: 12
# about: the weights shrink by wd itself, not by lr * wd
import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.tensor(theta)
    grad = torch.tensor(g)
    exp_avg = torch.tensor(m)
    exp_avg_sq = torch.tensor(v)
    p.mul_(1 - wd)
    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    denom = (exp_avg_sq / (1 - beta2**t)).sqrt().add_(eps)
    p.addcdiv_(exp_avg, denom, value=-lr / (1 - beta1**t))
    return p.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
