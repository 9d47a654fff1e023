def no_decay_groups(named_parameters, wd):
    by_name = {}
    known = set()
    for name, p in named_parameters:
        if p in known:
            continue
        known.add(p)
        if p.requires_grad:
            by_name[name] = p
    decay = {name for name, p in by_name.items() if len(p.shape) > 1}
    no_decay = set(by_name) - decay
    return [
        {"params": [by_name[name] for name in sorted(decay)], "weight_decay": wd},
        {"params": [by_name[name] for name in sorted(no_decay)], "weight_decay": 0.0},
    ]
