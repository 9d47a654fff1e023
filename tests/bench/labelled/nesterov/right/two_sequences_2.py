def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    y = x0
    for _ in range(steps):
        x_old = x
        x = y - lr * grad_f(y)
        y = x + beta * (x - x_old)
    return x
