import torch


def average(old, new, beta):
    return torch.add(beta * old, new, alpha=1 - beta)


def adamw_update(theta, g, m, v, t, lr, beta1, beta2, eps, wd):
    m, v = average(m, g, beta1), average(v, torch.square(g), beta2)
    corrected = [m / (1.0 - beta1**t), v / (1.0 - beta2**t)]
    step = lr * corrected[0] / (torch.sqrt(corrected[1]) + eps)
    decayed = theta - lr * wd * theta
    return decayed - step, m, v
