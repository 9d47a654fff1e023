# family: return
# line: 12
# about: the norm is that of the clipped gradients
import torch


def clip_by_global_norm(grads, max_norm):
    grads = [torch.tensor(g) for g in grads]
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    if norm > max_norm:
        grads = [g * max_norm / norm for g in grads]
        norm = torch.sqrt(sum((g**2).sum() for g in grads))
    return [g.numpy() for g in grads], norm.item()
