# family: algebra
# line: 9
# about: the mean runs over all classes
import torch


def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[:, labels].mean()
