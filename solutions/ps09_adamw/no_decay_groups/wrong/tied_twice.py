# family: comparison
# line: 8
# about: a tied parameter is listed once for each of its names
def no_decay_groups(named_parameters, wd):
    decay = []
    no_decay = []
    for name, param in named_parameters:
        if not param.requires_grad:
            continue
        if param.dim() >= 2:
            decay.append(param)
        else:
            no_decay.append(param)
    return [
        {"params": decay, "weight_decay": wd},
        {"params": no_decay, "weight_decay": 0.0},
    ]
