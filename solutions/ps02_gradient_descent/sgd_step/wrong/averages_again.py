# family: algebra
# line: 11
# about: divides by the number of tensors although gradients are averages already
def sgd_step(params, grads, lr):
    n = max(len(params), 1)
    new_params = []
    for p, g in zip(params, grads):
        if g is None:
            new_params.append(p)
        else:
            new_params.append(p - lr * g / n)
    return new_params
