# family: velocity
# line: 7
# about: beta is raised to the step number, so momentum dies out
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x, v = x0, 0.0
    for k in range(1, steps + 1):
        v = beta**k * v + grad_f(x)
        x = x - lr * v
    return x
