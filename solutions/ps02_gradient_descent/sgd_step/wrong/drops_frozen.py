# family: algebra
# line: 5
# about: a parameter without a gradient vanishes from the list
def sgd_step(params, grads, lr):
    return [p - lr * g for p, g in zip(params, grads) if g is not None]
