# family: algebra
# line: 8
# about: large logits overflow
import torch


def cross_entropy(logits, labels):
    p = torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)
    return -torch.log(p[torch.arange(len(labels)), labels]).mean()
