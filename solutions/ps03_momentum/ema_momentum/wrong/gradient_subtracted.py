# family: sign
# line: 7
# about: the gradient enters the average with a minus although the step subtracts the average
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for _ in range(steps):
        m = beta * m - (1 - beta) * grad_f(x)
        x = x - lr * m
    return x
