# family: norm
# line: 11
# about: each tensor is clipped by a norm of its own
import torch


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    clipped = []
    for g in grads:
        clipped.append(g * min(1.0, max_norm / (float(g.norm()) + 1e-12)))
    return clipped, norm
