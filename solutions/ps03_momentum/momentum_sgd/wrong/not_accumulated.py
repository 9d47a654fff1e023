# family: velocity
# line: 9
# about: scales the gradient by beta and drops what the velocity held before
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    v = grad_f(x) * 0
    for _ in range(steps):
        g = grad_f(x)
        v = beta * g + g
        x = x - lr * v
    return x
