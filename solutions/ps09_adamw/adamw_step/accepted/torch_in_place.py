import torch


@torch.no_grad()
def adamw_step(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = torch.tensor(theta, dtype=torch.float64)
    grad = torch.tensor(g, dtype=torch.float64)
    exp_avg = torch.tensor(m, dtype=torch.float64)
    exp_avg_sq = torch.tensor(v, dtype=torch.float64)

    p.mul_(1 - lr * wd)
    exp_avg.lerp_(grad, 1 - beta1)
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)

    bias_correction1 = 1 - beta1**t
    bias_correction2 = 1 - beta2**t
    denom = (exp_avg_sq.sqrt() / bias_correction2**0.5).add_(eps)
    p.addcdiv_(exp_avg, denom, value=-lr / bias_correction1)
    return p.numpy(), exp_avg.numpy(), exp_avg_sq.numpy()
