# family: look-ahead
# line: 8
# about: looks ahead by the whole velocity instead of the part that beta keeps
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        g = grad_f(x - lr * v)
        v = beta * v + g
        x = x - lr * v
    return x
