# family: mutation
# line: 11
# about: the gradients that were handed in are changed
import torch


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    scale = min(1.0, max_norm / (float(norm) + 1e-12))
    for g in grads:
        g.mul_(scale)
    return grads, norm
