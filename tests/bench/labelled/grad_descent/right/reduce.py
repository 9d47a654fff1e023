from functools import reduce


def grad_descent(grad_f, x0, lr, steps):
    return reduce(lambda x, _: x - lr * grad_f(x), range(steps), x0)
