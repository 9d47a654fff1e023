# family: clamp
# line: 10
# about: nothing keeps the factor at one, so small gradients grow
import torch


def clip_by_global_norm(grads, max_norm):
    parts = [torch.tensor(g) for g in grads]
    total = torch.cat([p.flatten() for p in parts]).norm()
    coef = max_norm / (total + 1e-12)
    return [p.mul_(coef) for p in parts], total.item()
