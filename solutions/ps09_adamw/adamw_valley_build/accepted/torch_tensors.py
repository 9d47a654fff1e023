import math

import torch


def adamw_valley_build(grad_f, x0, steps, peak_lr, beta1, beta2, eps, wd):
    w = torch.tensor(x0, dtype=torch.float64)
    exp_avg, exp_avg_sq = torch.zeros_like(w), torch.zeros_like(w)
    for step in range(1, steps + 1):
        done = (step - 1) / (steps - 1) if steps > 1 else 0.0
        lr = 0.5 * peak_lr * (1 + math.cos(math.pi * done))
        grad = torch.from_numpy(grad_f(w.numpy()))
        w.mul_(1 - lr * wd)
        exp_avg.lerp_(grad, 1 - beta1)
        exp_avg_sq.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        denom = exp_avg_sq.div(1 - beta2**step).sqrt_().add_(eps)
        w.addcdiv_(exp_avg, denom, value=-lr / (1 - beta1**step))
    return w.numpy()
