# family: sign
# line: 7
# about: the step goes up the gradient
def sgd_step(params, grads, lr):
    out = []
    for p, g in zip(params, grads):
        out.append(p if g is None else p + lr * g)
    return out
