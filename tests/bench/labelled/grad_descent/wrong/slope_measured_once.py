# family: step-count
# line: 6
# about: the gradient is measured once before the loop and never again
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    g = grad_f(x)
    while steps > 0:
        x = x - lr * g
        steps -= 1
    return x
