# family: learning-rate
# line: 8
# about: the step is already scaled by lr and is scaled once more
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        step = lr * grad_f(x)
        x = x - lr * step
    return x
