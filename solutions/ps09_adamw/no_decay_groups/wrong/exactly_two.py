# family: comparison
# line: 9
# about: only arrays of exactly two dimensions decay, so convolutions do not
def no_decay_groups(named_parameters, wd):
    unique = {}
    for _, p in named_parameters:
        if p.requires_grad:
            unique[id(p)] = p
    matrices = [p for p in unique.values() if p.ndim == 2]
    others = [p for p in unique.values() if p.ndim != 2]
    return [
        {"params": matrices, "weight_decay": wd},
        {"params": others, "weight_decay": 0.0},
    ]
