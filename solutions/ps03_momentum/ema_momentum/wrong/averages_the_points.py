# family: algebra
# line: 8
# about: averages the points, which is right only if the gradient is measured at the average
def ema_momentum(grad_f, x0, lr, beta, steps):
    x = x0
    mean = x0
    for _ in range(steps):
        x = x - lr * grad_f(x)
        # smooth
        mean = beta * mean + (1 - beta) * x
    return mean
