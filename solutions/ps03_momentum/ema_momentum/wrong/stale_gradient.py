# family: step-count
# line: 6
# about: the gradient is measured once, at the start
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    g = grad_f(x)
    for _ in range(steps):
        m = beta * m + (1 - beta) * g
        x = x - lr * m
    return x
