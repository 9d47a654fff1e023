import math

import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    param, grad, exp_avg, exp_avg_sq = (torch.from_numpy(a.copy()) for a in (theta, g, m, v))
    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    step_size = lr / (1 - beta1**t)
    denom = (exp_avg_sq.sqrt() / math.sqrt(1 - beta2**t)).add_(eps)
    param.addcdiv_(exp_avg, denom, value=-step_size)
    return tuple(a.numpy() for a in (param, exp_avg, exp_avg_sq))
