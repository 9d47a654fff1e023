# family: algebra
# line: 8
# about: x is moved to the look-ahead point before the step, so the momentum part counts twice
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        x = x - lr * beta * v
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
