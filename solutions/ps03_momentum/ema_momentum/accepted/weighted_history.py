def ema_momentum(grad_f, x0, lr, beta, steps):
    x, seen = x0, []
    while len(seen) < steps:
        seen.append(grad_f(x))
        ages = reversed(range(len(seen)))
        m = sum((1 - beta) * beta**age * g for age, g in zip(ages, seen))
        x = x - m * lr
    return x
