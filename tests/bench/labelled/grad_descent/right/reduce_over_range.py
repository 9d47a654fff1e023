from functools import reduce


def grad_descent(grad_f, x0, lr, steps):
    def one_step(point, _k):
        return point - lr * grad_f(point)

    return reduce(one_step, range(steps), x0)
