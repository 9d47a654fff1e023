from itertools import islice


def iterates(grad_f, x, lr, beta):
    velocity = 0.0
    while True:
        yield x
        velocity = grad_f(x) + beta * velocity
        x = x - lr * velocity


def momentum_sgd(grad_f, x0, lr, beta, steps):
    return next(islice(iterates(grad_f, x0, lr, beta), steps, None))
