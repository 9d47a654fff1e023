def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    step = 0.0 * x0
    for _ in range(steps):
        step = beta * step - lr * grad_f(x)
        x = x + step
    return x
