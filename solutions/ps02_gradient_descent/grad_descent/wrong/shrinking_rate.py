# family: learning-rate
# line: 6
# about: divides the learning rate by the step number, though it should stay fixed
def grad_descent(grad_f, x0, lr, steps):
    for k in range(1, steps + 1):
        x0 = x0 - lr / k * grad_f(x0)
    return x0
