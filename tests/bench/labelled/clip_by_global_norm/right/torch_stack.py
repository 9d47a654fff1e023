import torch


def clip_by_global_norm(grads, max_norm):
    tensors = [torch.tensor(g) for g in grads]
    total_norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(t) for t in tensors]))
    clip_coef = torch.clamp(max_norm / (total_norm + 1e-6), max=1.0)
    for t in tensors:
        t.mul_(clip_coef)
    return tensors, total_norm.item()
