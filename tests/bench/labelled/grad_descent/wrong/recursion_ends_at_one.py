# family: step-count
# line: 5
# about: the recursion ends at one step left, which is never made
def grad_descent(grad_f, x0, lr, steps):
    if steps <= 1:
        return x0
    x1 = x0 - lr * grad_f(x0)
    return grad_descent(grad_f, x1, lr, steps - 1)
