# family: look-ahead
# line: 8
# about: measures the gradient ahead of x, as Nesterov's method does
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = 0.0
    for _ in range(steps):
        g = grad_f(x - lr * beta * m)
        m = beta * m + (1 - beta) * g
        x = x - lr * m
    return x
