import torch


def trainable(named_parameters):
    seen = []
    for _, p in named_parameters:
        if p.requires_grad and not any(p is q for q in seen):
            seen.append(p)
            yield p


def no_decay_groups(named_parameters, wd):
    params = list(trainable(named_parameters))
    matrices = [p for p in params if isinstance(p, torch.nn.Parameter) and p.ndimension() > 1]
    rest = [p for p in params if p.ndimension() in (0, 1)]
    return (dict(params=matrices, weight_decay=wd), dict(params=rest, weight_decay=0))
