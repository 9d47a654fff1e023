# family: comparison
# line: 11
# about: every positive entry is lowered, also the ones below the threshold
import torch


def soft_threshold(x, lam):
    x = torch.as_tensor(x).double()
    zero = torch.zeros_like(x)
    lower = torch.where(x < -lam, x + lam, zero)
    upper = torch.where(x > 0, x - lam, zero)
    return (lower + upper).numpy()
