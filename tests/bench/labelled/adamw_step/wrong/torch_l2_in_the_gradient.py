# family: decay
# line: 10
# about: the decay is added to the gradient and goes through the moments
import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    param = torch.tensor(theta)
    exp_avg, exp_avg_sq = torch.tensor(m), torch.tensor(v)
    grad = torch.tensor(g).add(param, alpha=wd)
    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    denom = (exp_avg_sq / (1 - beta2**t)).sqrt() + eps
    param.addcdiv_(exp_avg / (1 - beta1**t), denom, value=-lr)
    return param, exp_avg, exp_avg_sq
