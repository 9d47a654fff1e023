# family: look-ahead
# line: 10
# about: the step starts at the look-ahead point, so momentum counts twice
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        y = x - lr * beta * v
        v = beta * v + grad_f(y)
        x = y - lr * v
    return x
