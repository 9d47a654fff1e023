def grad_descent(grad_f, x0, lr, steps):
    position = 1.0 * x0
    for _ in range(steps):
        position = position + -(lr * grad_f(position))
    return position
