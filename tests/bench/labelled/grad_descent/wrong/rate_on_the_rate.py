# family: learning-rate
# line: 9
# about: the update is already scaled by the rate and is scaled once more
def grad_descent(grad_f, x0, lr, steps):
    position = x0
    for _ in range(steps):
        gradient = grad_f(position)
        update = lr * gradient
        position = position - lr * update
    return position
