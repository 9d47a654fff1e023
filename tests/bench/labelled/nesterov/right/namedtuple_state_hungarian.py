from collections import namedtuple

Allapot = namedtuple("Allapot", "x v")


def elore(allapot, lr, beta):
    """Az a pont, ahova a lendület magában vinne."""
    return allapot.x - lr * beta * allapot.v


def nesterov(grad_f, x0, lr, beta, steps):
    s = Allapot(x0, 0.0)
    for _ in range(steps):
        v = beta * s.v + grad_f(elore(s, lr, beta))
        s = Allapot(x=s.x - lr * v, v=v)
    return s.x
