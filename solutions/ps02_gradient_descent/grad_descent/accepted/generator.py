from itertools import islice


def iterates(grad_f, x, lr):
    while True:
        yield x
        x = x - lr * grad_f(x)


def grad_descent(grad_f, x0, lr, steps):
    return next(islice(iterates(grad_f, x0, lr), steps, None))
