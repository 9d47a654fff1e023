import torch


def lion_step(theta, g, m, lr, beta1, beta2, wd):
    p, grad, exp_avg = torch.tensor(theta), torch.tensor(g), torch.tensor(m)
    p.mul_(1 - lr * wd)
    update = exp_avg.clone().mul_(beta1).add_(grad, alpha=1 - beta1).sign_()
    p.add_(update, alpha=-lr)
    exp_avg.lerp_(grad, 1 - beta2)
    return p.numpy(), exp_avg.numpy()
