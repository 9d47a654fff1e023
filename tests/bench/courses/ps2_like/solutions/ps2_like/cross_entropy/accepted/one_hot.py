import torch


def cross_entropy(logits, labels):
    classes = torch.arange(logits.shape[1])
    mask = labels[:, None] == classes[None, :]
    log_p = logits - torch.logsumexp(logits, 1, keepdim=True)
    return -torch.where(mask, log_p, torch.zeros_like(log_p)).sum(1).mean()
