# family: mutation
# line: 8
# about: the tensors share memory with the caller's arrays, which are scaled in place
import torch


def clip_by_global_norm(grads, max_norm):
    views = [torch.from_numpy(g) for g in grads]
    norm = torch.sqrt(sum(v.pow(2).sum() for v in views))
    if norm > max_norm:
        for v in views:
            v.mul_(max_norm / norm)
    return [v.numpy() for v in views], float(norm)
