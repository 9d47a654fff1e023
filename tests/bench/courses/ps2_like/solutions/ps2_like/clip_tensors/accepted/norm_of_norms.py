import torch


def clip_tensors(grads, max_norm):
    norms = torch.stack([torch.norm(g) for g in grads])
    total = torch.norm(norms)
    factor = torch.clamp(max_norm / (total + 1e-6), max=1.0)
    return [factor * g for g in grads], total
