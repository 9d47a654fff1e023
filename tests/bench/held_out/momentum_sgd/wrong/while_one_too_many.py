# family: step-count
# line: 8
# about: the loop counts from 0 up to steps and makes one step too many
def momentum_sgd(grad_f, x0, lr, beta, steps):
    i = 0
    v = 0.0
    x = x0
    while i <= steps:
        v = beta * v + grad_f(x)
        x = x - lr * v
        i += 1
    return x
