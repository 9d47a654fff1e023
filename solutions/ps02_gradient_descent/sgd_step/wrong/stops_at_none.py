# family: step-count
# line: 8
# about: everything after the first missing gradient is left out
def sgd_step(params, grads, lr):
    new = list(params)
    for k, g in enumerate(grads):
        if g is None:
            break
        new[k] = new[k] - lr * g
    return new
