# family: learning-rate
# line: 11
# about: the whole velocity is subtracted, without the learning rate
from functools import reduce


def momentum_sgd(grad_f, x0, lr, beta, steps):
    def advance(state, _):
        x, v = state
        v = beta * v + grad_f(x)
        return x - v, v

    return reduce(advance, range(steps), (x0, 0.0))[0]
