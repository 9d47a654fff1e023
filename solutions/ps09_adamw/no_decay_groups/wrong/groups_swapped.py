# family: comparison
# line: 9
# about: the vectors decay and the matrices do not
def no_decay_groups(named_parameters, wd):
    unique = list({id(p): p for _, p in named_parameters if p.requires_grad}.values())
    matrices = [p for p in unique if p.ndim >= 2]
    vectors = [p for p in unique if p.ndim < 2]
    return [
        {"params": vectors, "weight_decay": wd},
        {"params": matrices, "weight_decay": 0.0},
    ]
