# family: step-count
# line: 7
# about: the loop counts from 1 up to, but not including, steps
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = 0.0
    for _ in range(1, steps):
        m = beta * m + (1 - beta) * grad_f(x)
        x = x - lr * m
    return x
