# family: step-count
# line: 5
# about: the gradient is taken once at the start and never again
def grad_descent(grad_f, x0, lr, steps):
    g = grad_f(x0)
    x = x0
    for _ in range(steps):
        x = x - lr * g
    return x
