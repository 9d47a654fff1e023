# family: clamp
# line: 9
# about: small gradients are scaled up to the limit
import torch


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    scale = max_norm / (norm + 1e-12)
    return [g * scale for g in grads], norm
