def ema_momentum(grad_f, x0, lr, beta, steps):
    # the average is (1 - beta) times the velocity
    v, x = 0, x0
    rate = lr * (1 - beta)
    for _ in range(steps):
        v = v * beta + grad_f(x)
        x = x - rate * v
    return x
