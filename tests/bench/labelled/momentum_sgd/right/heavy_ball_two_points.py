def momentum_sgd(grad_f, x0, lr, beta, steps):
    """Polyak's form: x_{k+1} = x_k - lr g_k + beta (x_k - x_{k-1})."""
    previous, current = x0, x0
    for _ in range(steps):
        push = beta * (current - previous)
        previous, current = current, current - lr * grad_f(current) + push
    return current
