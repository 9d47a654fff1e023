# family: sign
# line: 7
# about: the look-ahead point lies behind: the velocity is subtracted in a step, so it must be subtracted here
def nesterov(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for _ in range(steps):
        x_tilde = x + lr * beta * v
        v = beta * v + grad_f(x_tilde)
        x = x - lr * v
    return x
