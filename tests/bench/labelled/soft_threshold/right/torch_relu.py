import torch


def soft_threshold(x, lam):
    t = torch.tensor(x, dtype=torch.float64)
    shrunk = torch.relu(t.abs() - lam)
    return torch.copysign(shrunk, t).numpy()
