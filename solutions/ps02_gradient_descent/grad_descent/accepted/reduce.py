from functools import reduce


def grad_descent(grad_f, x0, lr, steps):
    return reduce(lambda x, _: x - grad_f(x) * lr, range(steps), x0)
