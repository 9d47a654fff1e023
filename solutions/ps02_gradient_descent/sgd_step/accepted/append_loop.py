def sgd_step(params, grads, lr):
    new_params = []
    for i in range(len(params)):
        if grads[i] is None:
            new_params.append(params[i])
            continue
        new_params.append(params[i] - lr * grads[i])
    return new_params
