# family: decay
# line: 13
# about: the decay is not scaled by the learning rate
import torch


def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.tensor(theta)
    grad = torch.tensor(g)
    exp_avg = torch.tensor(m)
    exp_avg_sq = torch.tensor(v)
    # decoupled weight decay
    p.mul_(1 - wd)
    exp_avg.mul_(beta1).add_(grad, alpha=1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    mh = exp_avg / (1 - beta1**t)
    vh = exp_avg_sq / (1 - beta2**t)
    p = p - lr * mh / (vh.sqrt() + eps)
    return p.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
