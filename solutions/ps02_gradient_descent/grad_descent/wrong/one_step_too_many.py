# family: step-count
# line: 7
# about: the loop runs while k <= steps, which is one step too many
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    k = 0
    while k <= steps:
        x = x - lr * grad_f(x)
        k += 1
    return x
