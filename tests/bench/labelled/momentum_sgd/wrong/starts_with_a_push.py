# family: velocity
# line: 6
# about: the velocity starts at the first gradient and not at zero
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    sebesseg = grad_f(x0)
    for _ in range(steps):
        sebesseg = beta * sebesseg + grad_f(x)
        x = x - lr * sebesseg
    return x
