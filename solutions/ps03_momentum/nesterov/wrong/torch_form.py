# family: look-ahead
# line: 9
# about: the gradient is taken at x and extrapolated afterwards: that follows the look-ahead points
def nesterov(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for _ in range(steps):
        g = grad_f(x)
        v = beta * v + g
        x = x - lr * (g + beta * v)
    return x
