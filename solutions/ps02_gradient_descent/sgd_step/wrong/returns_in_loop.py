# family: step-count
# line: 8
# about: returns after the first tensor
def sgd_step(params, grads, lr):
    result = []
    for p, g in zip(params, grads):
        result.append(p if g is None else p - lr * g)
        return result
    return result
