# family: algebra
# line: 9
# about: the factor is upside down
import torch


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    scale = min(1.0, (float(norm) + 1e-12) / max_norm)
    return [g * scale for g in grads], norm
