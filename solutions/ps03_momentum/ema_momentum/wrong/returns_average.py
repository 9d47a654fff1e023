# family: return
# line: 9
# about: returns the average of the gradients instead of the point
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0 * x0
    for _ in range(steps):
        m = beta * m + (1 - beta) * grad_f(x)
        x = x - lr * m
    return m
