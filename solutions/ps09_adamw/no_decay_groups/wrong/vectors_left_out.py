# family: algebra
# line: 6
# about: what does not decay is in no group and is never trained
def no_decay_groups(named_parameters, wd):
    unique = {id(p): p for _, p in named_parameters if p.requires_grad}
    return [{"params": [p for p in unique.values() if p.ndim >= 2], "weight_decay": wd}]
