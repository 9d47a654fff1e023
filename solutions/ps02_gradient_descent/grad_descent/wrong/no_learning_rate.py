# family: learning-rate
# line: 8
# about: takes the whole gradient as the step and never uses lr
def grad_descent(grad_f, x0, lr, steps):
    x = x0 * 1.0
    while steps:
        g = grad_f(x)
        x = x - g
        steps = steps - 1
    return x
