# family: velocity
# line: 9
# about: both weights meet the same gradient, and the old average is dropped
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = grad_f(x) * 0
    for _ in range(steps):
        g = grad_f(x)
        m = beta * g + (1 - beta) * g
        x = x - lr * m
    return x
