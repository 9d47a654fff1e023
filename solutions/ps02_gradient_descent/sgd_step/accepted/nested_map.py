def sgd_step(params, grads, lr):
    def move(p, g):
        return p.copy() if g is None else p + (-lr) * g

    return [*map(move, params, grads)]
