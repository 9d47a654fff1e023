# family: velocity
# line: 9
# about: the velocity is an exponential average, where the convention is a sum
def momentum_sgd(grad_f, x0, lr, beta, steps):
    x = x0
    vdw = 0
    for i in range(steps):
        dw = grad_f(x)
        vdw = beta * vdw + (1 - beta) * dw
        x = x - lr * vdw
    return x
