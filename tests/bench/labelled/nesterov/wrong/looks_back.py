# family: sign
# line: 10
# about: the look-ahead is added where the velocity is subtracted, so it looks back
from functools import reduce


def nesterov(grad_f, x0, lr, beta, steps):
    def one(state, _):
        x, v = state
        v_new = beta * v + grad_f(x + lr * beta * v)
        return (x - lr * v_new, v_new)

    x, _ = reduce(one, range(steps), (x0, 0.0))
    return x
