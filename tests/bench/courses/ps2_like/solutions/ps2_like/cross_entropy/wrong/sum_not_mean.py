# family: algebra
# line: 9
# about: the rows are summed, not averaged
import torch


def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[torch.arange(len(labels)), labels].sum()
