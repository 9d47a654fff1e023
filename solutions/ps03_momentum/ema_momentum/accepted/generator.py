from itertools import islice


def points(grad_f, x, lr, beta):
    m = 0 * x
    while True:
        yield x
        g = grad_f(x)
        m = g + beta * (m - g)
        x = x - lr * m


def ema_momentum(grad_f, x0, lr, beta, steps):
    (x,) = islice(points(grad_f, x0, lr, beta), steps, steps + 1)
    return x
