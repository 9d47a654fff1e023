# family: step-count
# line: 6
# about: range(steps + 1) makes one step too many
def nesterov(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for _ in range(steps + 1):
        v = beta * v + grad_f(x - lr * beta * v)
        x = x - lr * v
    return x
