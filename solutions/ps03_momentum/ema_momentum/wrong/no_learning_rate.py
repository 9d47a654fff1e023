# family: learning-rate
# line: 9
# about: moves by the whole average, lr is never used
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for _ in range(steps):
        g = grad_f(x)
        m = beta * m + (1 - beta) * g
        x = x - m
    return x
