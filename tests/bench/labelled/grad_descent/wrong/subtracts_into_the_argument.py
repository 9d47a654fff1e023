# family: mutation
# line: 6
# about: the caller's array itself is changed
def grad_descent(grad_f, x0, lr, steps):
    for _ in range(steps):
        x0 -= lr * grad_f(x0)
    return x0
