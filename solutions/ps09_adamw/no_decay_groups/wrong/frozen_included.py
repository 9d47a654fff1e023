# family: comparison
# line: 7
# about: parameters that are not trained are put in a group
def no_decay_groups(named_parameters, wd):
    seen, groups = set(), {True: [], False: []}
    for _, p in named_parameters:
        if id(p) in seen:
            continue
        seen.add(id(p))
        groups[p.ndim > 1].append(p)
    return [
        {"params": groups[True], "weight_decay": wd},
        {"params": groups[False], "weight_decay": 0.0},
    ]
