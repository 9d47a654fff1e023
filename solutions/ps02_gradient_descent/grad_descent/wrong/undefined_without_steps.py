# family: return
# line: 9
# about: with no steps the loop never runs and the returned name does not exist
def grad_descent(grad_f, x0, lr, steps):
    current = x0
    for _ in range(steps):
        new = current - lr * grad_f(current)
        current = new
    return new
