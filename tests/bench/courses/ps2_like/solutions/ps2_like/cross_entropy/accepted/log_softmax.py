import torch


def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p.gather(1, labels.unsqueeze(1)).mean()
