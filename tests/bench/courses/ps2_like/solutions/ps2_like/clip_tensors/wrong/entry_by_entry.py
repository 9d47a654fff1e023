# family: clamp
# line: 9
# about: entries are clamped one by one
import torch


def clip_tensors(grads, max_norm):
    norm = torch.sqrt(sum((g**2).sum() for g in grads))
    return [g.clamp(-max_norm, max_norm) for g in grads], norm
