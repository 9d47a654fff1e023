# family: step-count
# line: 6
# about: range(1, steps) makes one step too few
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for i in range(1, steps):
        x = x - lr * grad_f(x)
    return x
