import torch
import torch.nn.functional as F


def soft_threshold(x, lam):
    t = torch.tensor(x, dtype=torch.float64)
    out = F.relu(t - lam) - F.relu(-t - lam)
    return out.numpy()
