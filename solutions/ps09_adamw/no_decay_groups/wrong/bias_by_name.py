# family: comparison
# line: 10
# about: only names with 'bias' are exempt, so norm scales decay
def no_decay_groups(named_parameters, wd):
    decay, no_decay, seen = [], [], set()
    for name, p in named_parameters:
        if not p.requires_grad or p in seen:
            continue
        seen.add(p)
        if "bias" in name:
            no_decay.append(p)
        else:
            decay.append(p)
    return [
        {"params": decay, "weight_decay": wd},
        {"params": no_decay, "weight_decay": 0.0},
    ]
