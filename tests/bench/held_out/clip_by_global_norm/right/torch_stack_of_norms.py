import torch


def clip_by_global_norm(grads, max_norm):
    tensors = [torch.as_tensor(g, dtype=torch.float64) for g in grads]
    total_norm = torch.norm(torch.stack([torch.norm(t) for t in tensors]))
    clip_coef = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    return [(t * clip_coef).numpy() for t in tensors], total_norm.item()
