# family: step-count
# line: 6
# about: counting from 1 up to, but not including, steps loses one step
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(1, steps):
        x = x - lr * grad_f(x)
    return x
