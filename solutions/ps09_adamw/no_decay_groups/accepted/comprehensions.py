def no_decay_groups(named_parameters, wd):
    unique = {id(p): p for _, p in named_parameters if p.requires_grad}.values()
    return [
        {"params": [p for p in unique if p.dim() >= 2], "weight_decay": wd},
        {"params": [p for p in unique if p.dim() < 2], "weight_decay": 0.0},
    ]
