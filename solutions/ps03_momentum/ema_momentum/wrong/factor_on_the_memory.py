# family: moment
# line: 9
# about: 1 - beta stands at the old average, where beta belongs, and the gradient counts in full
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = 0 * x0
    for _ in range(steps):
        slope = grad_f(x)
        m = (1 - beta) * m + slope
        x = x - lr * m
    return x
