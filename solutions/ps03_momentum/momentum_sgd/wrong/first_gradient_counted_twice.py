# family: velocity
# line: 6
# about: the velocity starts at the first gradient, which the first step then adds again
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = grad_f(x0)
    for _ in range(steps):
        v = beta * v + grad_f(x)
        x = x - lr * v
    return x
