# family: eps
# line: 9
# about: a tiny number in the logarithm changes sure answers
import torch


def cross_entropy(logits, labels):
    p = torch.softmax(logits, dim=1)
    return -torch.log(p[torch.arange(len(labels)), labels] + 1e-8).mean()
