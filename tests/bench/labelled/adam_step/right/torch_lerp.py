import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    param, grad = torch.tensor(theta), torch.tensor(g)
    exp_avg = torch.tensor(m).lerp_(grad, 1 - beta1)
    exp_avg_sq = torch.tensor(v).mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    bias1 = 1 - beta1**t
    bias2 = 1 - beta2**t
    denom = (exp_avg_sq / bias2).sqrt_().add_(eps)
    param.addcdiv_(exp_avg, denom, value=-lr / bias1)
    return param.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
