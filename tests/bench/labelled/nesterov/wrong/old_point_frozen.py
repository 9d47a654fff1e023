# family: velocity
# line: 10
# about: the old point is never replaced, so the push is measured from the start
def nesterov(grad_f, x0, lr, beta, steps):
    old = x0
    x = x0
    y = x0
    for _ in range(steps):
        x = y - lr * grad_f(y)
        y = x + beta * (x - old)
    return x
