def nesterov(grad_f, x0, lr, beta, steps):
    x_old = x_new = x0
    for _ in range(steps):
        y = x_new + beta * (x_new - x_old)
        x_old, x_new = x_new, y - lr * grad_f(y)
    return x_new
