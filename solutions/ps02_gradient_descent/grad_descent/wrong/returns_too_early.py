# family: step-count
# line: 8
# about: the return stands inside the loop, so only one step is taken
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x = x - lr * grad_f(x)
        return x
    return x
