import torch


def clip_tensors(grads, max_norm):
    norm = torch.linalg.vector_norm(torch.cat([g.flatten() for g in grads]))
    if norm <= max_norm:
        return [g.clone() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm
