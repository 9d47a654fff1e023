# family: velocity
# line: 10
# about: the average is computed and never used: the step takes the newest gradient
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    avg = 0.0
    for _ in range(steps):
        g = grad_f(x)
        avg = beta * avg + (1 - beta) * g
        x = x - lr * g
    return x
