# family: velocity
# line: 9
# about: the gradient enters with weight one, which makes a growing sum and not an average
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    m = 0.0
    for _ in range(steps):
        g = grad_f(x)
        m = beta * m + g
        x = x - lr * m
    return x
