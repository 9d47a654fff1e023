# family: mutation
# line: 7
# about: x is x0 itself, so subtracting in place changes the caller's array
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for _ in range(steps):
        x -= lr * grad_f(x)
    return x
