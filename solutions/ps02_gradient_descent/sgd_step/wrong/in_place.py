# family: mutation
# line: 7
# about: the caller's own arrays are changed
def sgd_step(params, grads, lr):
    for p, g in zip(params, grads):
        if g is not None:
            p -= lr * g
    return params
