# family: moment
# line: 8
# about: the whole sum is multiplied by 1 - beta, so the memory fades far too fast
def ema_momentum(grad_f, x0, lr, beta, steps):
    m = 0.0
    x = x0
    for _ in range(steps):
        m = (beta * m + grad_f(x)) * (1 - beta)
        x = x - lr * m
    return x
