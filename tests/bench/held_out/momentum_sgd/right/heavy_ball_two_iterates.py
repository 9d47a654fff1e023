def momentum_sgd(grad_f, x0, lr, beta, steps):
    x_prev, x = x0, x0
    for _ in range(steps):
        x_next = x - lr * grad_f(x) + beta * (x - x_prev)
        x_prev, x = x, x_next
    return x
