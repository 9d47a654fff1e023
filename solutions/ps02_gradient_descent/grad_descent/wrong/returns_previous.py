# family: return
# line: 10
# about: returns the iterate before the last one
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    old = x
    for _ in range(steps):
        old = x
        x = x - lr * grad_f(x)
    return old
