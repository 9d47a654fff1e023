# family: look-ahead
# line: 9
# about: measures the gradient ahead of x, which is Nesterov's method and not plain momentum
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = 0.0
    for _ in range(steps):
        ahead = x - lr * beta * v
        g = grad_f(ahead)
        v = beta * v + g
        x = x - lr * v
    return x
