from collections import defaultdict


def no_decay_groups(named_parameters, wd):
    groups = defaultdict(list)
    for _, param in named_parameters:
        key = 0.0 if param.dim() <= 1 else wd
        already = any(param is other for members in groups.values() for other in members)
        if param.requires_grad and not already:
            groups[key].append(param)
    return [{"weight_decay": key, "params": members} for key, members in groups.items()]
