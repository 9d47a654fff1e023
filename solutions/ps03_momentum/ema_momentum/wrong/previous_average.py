# family: velocity
# line: 9
# about: moves first and averages afterwards, so every step lags one gradient behind
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = 0.0 * x0
    for _ in range(steps):
        g = grad_f(x)
        x = x - lr * m
        m = beta * m + (1 - beta) * g
    return x
