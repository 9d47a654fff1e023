def ema_momentum(grad_f, x0, lr, beta, steps):
    before, here = x0, x0
    for _ in range(steps):
        there = here + beta * (here - before) - lr * (1 - beta) * grad_f(here)
        before, here = here, there
    return here
