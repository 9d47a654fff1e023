# family: algebra
# line: 8
# about: each step starts from x0 and forgets the steps before
def grad_descent(grad_f, x0, lr, steps):
    x_new = x0
    for step in range(steps):
        grad = grad_f(x_new)
        x_new = x0 - lr * grad
    return x_new
