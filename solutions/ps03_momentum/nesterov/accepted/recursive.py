def go(grad_f, x, v, lr, beta, left):
    if left == 0:
        return x
    v = beta * v + grad_f(x - lr * (beta * v))
    return go(grad_f, x - lr * v, v, lr, beta, left - 1)


def nesterov(grad_f, x0, lr, beta, steps):
    return go(grad_f, x0, 0.0, lr, beta, steps)
