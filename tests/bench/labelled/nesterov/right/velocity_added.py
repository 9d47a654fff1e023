def nesterov(grad_f, x0, lr, beta, steps):
    w = x0
    v = x0 * 0.0
    for _ in range(steps):
        ahead = w + beta * v
        v = beta * v - lr * grad_f(ahead)
        w = w + v
    return w
