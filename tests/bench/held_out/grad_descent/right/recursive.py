def grad_descent(grad_f, x0, lr, steps):
    if steps <= 0:
        return x0
    return grad_descent(grad_f, x0 + -(lr * grad_f(x0)), lr, steps - 1)
