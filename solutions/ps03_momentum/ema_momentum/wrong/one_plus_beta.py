# family: sign
# line: 7
# about: a plus where the weight of the gradient is one minus beta
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for _ in range(steps):
        m = beta * m + (1 + beta) * grad_f(x)
        x = x - lr * m
    return x
