# family: clamp
# line: 10
# about: no min(1, ...): small gradients are blown up to max_norm
import torch


def clip_by_global_norm(grads, max_norm):
    grads = [torch.tensor(g, dtype=torch.double) for g in grads]
    total_norm = torch.sqrt(sum(g.pow(2).sum() for g in grads))
    clip_coef = max_norm / (total_norm + 1e-6)
    for g in grads:
        g.mul_(clip_coef)
    return [g.numpy() for g in grads], total_norm.item()
