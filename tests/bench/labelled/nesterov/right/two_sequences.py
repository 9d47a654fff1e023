def nesterov(grad_f, x0, lr, beta, steps):
    """Step from the extrapolated point y; extrapolate anew from the last two x."""
    x_new, y = x0, x0
    for _ in range(steps):
        x_old = x_new
        x_new = y - lr * grad_f(y)
        y = x_new + beta * (x_new - x_old)
    return x_new
