def _go(grad_f, x, v, lr, beta, left):
    if not left:
        return x
    v_new = beta * v + grad_f(x - lr * (beta * v))
    return _go(grad_f, x - lr * v_new, v_new, lr, beta, left - 1)


def nesterov(grad_f, x0, lr, beta, steps):
    return _go(grad_f, x0, 0.0, lr, beta, steps)
