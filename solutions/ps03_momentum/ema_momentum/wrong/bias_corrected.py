# family: bias-correction
# line: 9
# about: divides by 1 - beta**t as Adam does, which is not asked for here
def ema_momentum(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for t in range(1, steps + 1):
        g = grad_f(x)
        m = beta * m + (1 - beta) * g
        m_hat = m / (1 - beta**t)
        x = x - lr * m_hat
    return x
