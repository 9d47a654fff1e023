# family: eps
# line: 13
# about: eps goes under the root
import torch


def adam_step(theta, g, m, v, t, lr, beta1, beta2, eps):
    p, grad = torch.tensor(theta), torch.tensor(g)
    exp_avg = beta1 * torch.tensor(m) + (1 - beta1) * grad
    exp_avg_sq = beta2 * torch.tensor(v) + (1 - beta2) * grad.square()
    step_size = lr / (1 - beta1**t)
    v_hat = exp_avg_sq / (1 - beta2**t)
    p.addcdiv_(exp_avg, torch.sqrt(v_hat + eps), value=-step_size)
    return p, exp_avg, exp_avg_sq
