# family: step-count
# line: 7
# about: the counter starts at one, so one step is missing
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    i = 1
    while i < steps:
        g = grad_f(x)
        x = x - lr * g
        i = i + 1
    return x
