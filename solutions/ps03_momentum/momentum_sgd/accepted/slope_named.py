def momentum_sgd(grad_f, x0, lr, beta, steps):
    """The point after some steps of momentum, which starts at rest."""
    x, v = x0, 0.0
    for _ in range(steps):
        slope = grad_f(x)
        v = beta * v + slope
        x = x - lr * v
    return x
