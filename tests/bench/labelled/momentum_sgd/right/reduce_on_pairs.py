from functools import reduce


def momentum_sgd(grad_f, x0, lr, beta, steps):
    def advance(state, _):
        x, v = state
        v = grad_f(x) + beta * v
        return x - lr * v, v

    x, _ = reduce(advance, range(steps), (x0, 0 * x0))
    return x
