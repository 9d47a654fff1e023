import torch


@torch.no_grad()
def adamw_update(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p, exp_avg, exp_avg_sq = theta.clone(), m.clone(), v.clone()
    p.mul_(1 - lr * wd)
    exp_avg.lerp_(g, 1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    denom = (exp_avg_sq.sqrt() / (1 - beta2**t) ** 0.5).add_(eps)
    p.addcdiv_(exp_avg, denom, value=-lr / (1 - beta1**t))
    return p, exp_avg, exp_avg_sq
