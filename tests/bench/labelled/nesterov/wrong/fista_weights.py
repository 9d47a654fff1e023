# family: velocity
# line: 7
# about: the momentum is k / (k + 3) in place of the given beta
def nesterov(grad_f, x0, lr, beta, steps):
    x_prev = x = x0
    for k in range(steps):
        mu = k / (k + 3)
        y = x + mu * (x - x_prev)
        x_prev, x = x, y - lr * grad_f(y)
    return x
