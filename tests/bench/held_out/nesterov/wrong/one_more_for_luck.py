# family: step-count
# line: 6
# about: the loop makes steps + 1 steps
def nesterov(grad_f, x0, lr, beta, steps):
    x, m = x0, 0.0
    for k in range(0, steps + 1):
        m = beta * m + grad_f(x - lr * beta * m)
        x = x - lr * m
    return x
