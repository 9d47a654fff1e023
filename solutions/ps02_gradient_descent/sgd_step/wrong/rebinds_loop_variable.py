# family: return
# line: 9
# about: the new value is bound to the loop variable and lost
def sgd_step(params, grads, lr):
    params = list(params)
    for p, g in zip(params, grads):
        if g is not None:
            p = p - lr * g
    return params
