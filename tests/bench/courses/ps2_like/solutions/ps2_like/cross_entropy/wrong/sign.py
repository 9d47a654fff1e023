# family: sign
# line: 9
# about: the sign is missing
import torch


def cross_entropy(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return log_p[torch.arange(len(labels)), labels].mean()
