# family: comparison
# line: 9
# about: tests the number of elements instead of the number of dimensions
def no_decay_groups(named_parameters, wd):
    decay, rest, seen = [], [], set()
    for _, p in named_parameters:
        if p.requires_grad and id(p) not in seen:
            seen.add(id(p))
            (decay if p.numel() > 1 else rest).append(p)
    return [{"params": decay, "weight_decay": wd}, {"params": rest, "weight_decay": 0.0}]
