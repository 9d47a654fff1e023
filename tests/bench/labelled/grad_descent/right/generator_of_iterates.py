from itertools import islice


def iterates(grad, start, alpha):
    current = start
    while True:
        yield current
        current = current - alpha * grad(current)


def grad_descent(grad_f, x0, lr, steps):
    return next(islice(iterates(grad_f, x0, lr), steps, None))
