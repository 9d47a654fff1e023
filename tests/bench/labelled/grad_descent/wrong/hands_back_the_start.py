# family: return
# line: 16
# about: the starting point is returned, not where the loop ended
def grad_descent(grad_f, x0, lr, steps):
    """
    grad_f: gradient of the function
    x0: starting point
    lr: learning rate
    steps: how many steps
    """
    current_x = x0
    for step_number in range(steps):
        current_gradient = grad_f(current_x)
        next_x = current_x - lr * current_gradient
        current_x = next_x
    return x0
