# family: comparison
# line: 10
# about: parameters of one shape and value are taken for the same one
import torch


def no_decay_groups(named_parameters, wd):
    unique = []
    for _, p in named_parameters:
        if p.requires_grad and not any(torch.equal(p, q) for q in unique):
            unique.append(p)
    return [
        {"params": [p for p in unique if p.ndim >= 2], "weight_decay": wd},
        {"params": [p for p in unique if p.ndim < 2], "weight_decay": 0.0},
    ]
