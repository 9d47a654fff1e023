import math

import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    param = torch.tensor(theta)
    grad = torch.tensor(g)
    exp_avg = torch.tensor(m)
    exp_avg_sq = torch.tensor(v)

    exp_avg.lerp_(grad, 1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)

    bias_correction1 = 1 - beta1**t
    bias_correction2 = 1 - beta2**t
    denom = (exp_avg_sq.sqrt() / math.sqrt(bias_correction2)).add_(eps)
    param.addcdiv_(exp_avg, denom, value=-lr / bias_correction1)
    return param.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
