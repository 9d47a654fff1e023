import torch


def clip_tensors(grads, max_norm):
    total = torch.zeros((), dtype=torch.float64)
    for g in grads:
        total += torch.dot(g.reshape(-1), g.reshape(-1))
    norm = total.sqrt().item()
    scale = 1.0
    if norm > max_norm:
        scale = max_norm / norm
    return [torch.mul(g, scale) for g in grads], norm
