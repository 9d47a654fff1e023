# family: learning-rate
# line: 7
# about: the learning rate is fixed; here it fades with the step number
def grad_descent(grad_f, x0, lr, steps):
    x = x0
    for k in range(steps):
        alpha = lr / (k + 1)
        x = x - alpha * grad_f(x)
    return x
