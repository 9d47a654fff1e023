def nesterov(grad_f, x0, lr, beta, steps):
    # y runs ahead along the last displacement, the gradient step starts from there
    previous = x = x0
    for _ in range(steps):
        y = x + beta * (x - previous)
        previous = x
        x = y - lr * grad_f(y)
    return x
