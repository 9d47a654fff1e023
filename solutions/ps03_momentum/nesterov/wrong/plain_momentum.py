# family: look-ahead
# line: 8
# about: the gradient is taken at x itself, which is plain momentum
def nesterov(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
