# family: algebra
# line: 9
# about: the logarithm is missing
import torch


def cross_entropy(logits, labels):
    p = torch.softmax(logits, dim=1)
    return -p[torch.arange(len(labels)), labels].mean()
