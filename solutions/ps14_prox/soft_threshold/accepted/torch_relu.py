import torch


def soft_threshold(x, lam):
    t = torch.tensor(x, dtype=torch.float64)
    return (torch.relu(t - lam) - torch.relu(-t - lam)).numpy()
