import math

import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.from_numpy(theta).clone()
    grad = torch.from_numpy(g)
    exp_avg = torch.from_numpy(m).clone()
    exp_avg_sq = torch.from_numpy(v).clone()

    p.mul_(1 - lr * wd)
    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    step_size = lr / (1 - beta1**t)
    denom = exp_avg_sq.sqrt().div_(math.sqrt(1 - beta2**t)).add_(eps)
    p.addcdiv_(exp_avg, denom, value=-step_size)
    return p.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
