# family: algebra
# line: 8
# about: the softmax runs over the batch
import torch


def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=0)
    return -log_p[torch.arange(len(labels)), labels].mean()
